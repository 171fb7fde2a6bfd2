/** @returns {Promise<number>} kB that an hour of samples every 5 s takes for each component */
export async function measureMemoryOfHistory() {
  // Only now: it needs packages, which a fresh clone does not have at the start.
  const { importSource } = await import('../../typescript.mjs');
  const { createSampleRing } = await importSource('snapshots/sample-ring.ts');
  const RINGS = 100;
  const before = process.memoryUsage();
  const rings = Array.from({ length: RINGS }, () => createSampleRing(720));
  const after = process.memoryUsage();
  const bytes = after.arrayBuffers - before.arrayBuffers;
  return rings.length === RINGS ? bytes / RINGS / 1000 : NaN;
}
