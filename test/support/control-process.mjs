// Loaded with --import into the program under test. Its wall clock is CLOCK_OFFSET_MS off the true one from the start;
// SIGUSR2 does the next thing of FAULT_SCRIPT, a list of `clock:+3600000` (the wall clock from now on, ms off the true
// one) and `block:7000` (the event loop stands still). The monotonic clock goes on as it is.
const RealDate = Date;
let offset = Number(process.env.CLOCK_OFFSET_MS ?? 0);
const now = () => RealDate.now() + offset;

// The client's and the schedule's clocks too: everything takes the global one.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
// Only what is wrong at the start is wrong in the time of the start.
const origin = performance.timeOrigin + offset;
Object.defineProperty(performance, 'timeOrigin', { get: () => origin });

const script = (process.env.FAULT_SCRIPT ?? '').split(' ').filter((step) => step !== '');
process.on('SIGUSR2', () => {
  const [what, value] = (script.shift() ?? '').split(':');
  if (what === 'clock') offset = Number(value);
  if (what === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(value));
});
