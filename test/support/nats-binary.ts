import { execFileSync } from 'node:child_process';
import { findNatsServer } from '../../scripts/nats-server.mjs';

export interface NatsBinary {
  /** As the binary itself says: `2.10.27`. */
  readonly version: string;
  readonly bin: string;
}

/** The servers to test against: those of `NATS_SERVER_BINS` (`2.9.10=/path 2.15.1=/path`), else the one that is found. */
export function natsBinaries(): readonly NatsBinary[] {
  const named = (process.env.NATS_SERVER_BINS ?? '').split(/\s+/).filter((entry) => entry !== '');
  const found = findNatsServer();
  const bins =
    named.length > 0 ? named.map((entry) => entry.slice(entry.indexOf('=') + 1)) : found ? [found] : [];
  return bins.map((bin) => {
    const said = execFileSync(bin, ['--version'], { encoding: 'utf8' });
    return { bin, version: /\d+\.\d+\.\d+/.exec(said)?.[0] ?? said.trim() };
  });
}

/** Whether a version is at least `major.minor`. */
export function isAtLeast({ version }: NatsBinary, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = minimum.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
