// node --import shifted-clock.mjs: a wall clock that is wrong by SHIFT_MS; the monotonic one goes on as it is.
const shiftMs = Number(process.env.SHIFT_MS ?? 0);
const RealDate = Date;
const now = () => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
const origin = performance.timeOrigin;
Object.defineProperty(performance, 'timeOrigin', { get: () => origin + shiftMs });
