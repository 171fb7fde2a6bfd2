import assert from 'node:assert/strict';
import { consumerInfo } from '../../support/consumer-info.js';
import { startFakeNats } from '../../support/fake-nats.js';
import type { FakeAnswer } from '../../support/fake-nats.js';
import { paced } from '../../support/pace.js';
import { assertProbes, expectLadder, expectNoChange, expectRecovery } from '../expectations.js';
import { startWatched } from '../platform.js';
import type { Row, Scene } from '../row.js';
import { startWatch } from '../watch.js';
import type { Watch } from '../watch.js';

type Info = Record<string, unknown>;

function goodInfo(subject: string, changes: Info = {}): Info {
  const [, , , , stream = '', consumer = ''] = subject.split('.');
  return consumerInfo({ stream, consumer }, changes);
}

const changed = (changes: Info) => (subject: string) => JSON.stringify(goodInfo(subject, changes));
const refused = (code: number, errCode: number) => () =>
  JSON.stringify({ type: 'x', error: { code, err_code: errCode, description: 'c4n4ry' } });

/** Answers that prove nothing, by the component that they are given about. */
const WORTHLESS: Readonly<Record<string, (subject: string) => FakeAnswer>> = {
  'no-json': () => '{"type":',
  empty: () => '',
  bytes: () => new Uint8Array([0, 255, 254, 13, 10]),
  null: () => 'null',
  array: () => '[]',
  number: () => '1e400',
  'no-fields': () => '{}',
  'null-counts': changed({ num_pending: null, num_waiting: null }),
  negative: changed({ num_pending: -5 }),
  fraction: changed({ num_ack_pending: 1.5 }),
  'text-counts': changed({ num_waiting: '3' }),
  'too-large': changed({ num_pending: 2 ** 60 }),
  infinite: (subject) => JSON.stringify(goodInfo(subject)).replace('"num_pending":0', '"num_pending":1e999'),
  foreign: changed({ name: 'somebody-else' }),
  'foreign-stream': changed({ stream_name: 'ELSEWHERE' }),
  'no-time': changed({ ts: 'yesterday' }),
  huge: changed({ padding: 'x'.repeat(2_000_000) }),
  deep: () => '['.repeat(200_000),
  silence: () => undefined,
  'no-responders': () => ({ status: 503 }),
  'no-quorum': refused(503, 10_008),
  'unknown-error': refused(500, 12_345),
  'null-error': () => '{"error":null}',
};

const isInfo = (subject: string): boolean => subject.startsWith('$JS.API.CONSUMER.INFO.');
const componentOf = (subject: string): string => subject.split('.')[4]?.toLowerCase() ?? '';

interface Fake {
  readonly watch: Watch;
  readonly requests: readonly { readonly subject: string; readonly at: number }[];
  readonly said: () => string;
}

/** The service on a fake server that answers about a component as `answers` says at the moment. */
async function startOnFake(
  scene: Scene,
  components: readonly string[],
  answers: () => Readonly<Record<string, (subject: string) => FakeAnswer>>,
): Promise<Fake> {
  const fake = scene.own(
    await startFakeNats({
      answer(subject) {
        if (!isInfo(subject)) return undefined;
        const answer = answers()[componentOf(subject)] ?? changed({});
        return answer(subject);
      },
    }),
  );
  const service = await startWatched(scene, {
    nats: { url: fake.url },
    components: Object.fromEntries(
      components.map((id) => [id, { consumers: [{ stream: id.toUpperCase(), consumer: 'c' }] }]),
    ),
  });
  const watch = scene.own(startWatch(service, components));
  const since = performance.now();
  for (const id of components) {
    await watch.until(id, ({ status }) => status === 'up', { since, withinMs: paced(10_000) });
  }
  return { watch, requests: fake.requests, said: () => service.output() };
}

/** What a server says. */
export const ANSWER_ROWS: readonly Row[] = [
  {
    id: '17',
    fault: 'malformed, huge, foreign, negative, null answers',
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      let answers: typeof WORTHLESS = {};
      const ids = Object.keys(WORTHLESS);
      const { watch, said } = await startOnFake(scene, ['good', ...ids], () => answers);
      const since = performance.now();
      answers = WORTHLESS;
      await Promise.all(ids.map((component) => expectLadder({ scene, watch, component, since })));
      await expectNoChange({ watch, component: 'good', since }, performance.now() - since);
      answers = {};
      const healed = performance.now();
      await Promise.all(
        ids.map((component) =>
          expectRecovery({ scene, watch, component, since: healed }, 2 * scene.times.every),
        ),
      );
      assertProbes(watch);
      assert.doesNotMatch(said(), /c4n4ry/);
    },
  },
  overloadedRow('18', 'API rate limit (429)', refused(429, 10_167)),
  overloadedRow('18b', 'insufficient resources (503)', refused(503, 10_023)),
  {
    id: '20c',
    fault: "the server's wall clock jumps an hour forth and back",
    isShort: true,
    onlyFresh: true,
    async play(scene) {
      let offset = 0;
      const answers = { good: (subject: string) => JSON.stringify(goodInfo(subject, { ts: at(offset) })) };
      const { watch } = await startOnFake(scene, ['good'], () => answers);
      for (offset of [3_600_000, -3_600_000, 0]) {
        const since = performance.now();
        await expectNoChange({ watch, component: 'good', since }, 3 * scene.times.every);
      }
      assertProbes(watch);
    },
  },
];

function at(offset: number): string {
  return new Date(Date.now() + offset).toISOString();
}

/** Asks more and more seldom, up to half of `stale_after`. */
function overloadedRow(id: string, fault: string, answer: (subject: string) => FakeAnswer): Row {
  return {
    ...{ id, fault, isShort: false, onlyFresh: true },
    async play(given) {
      // Half of it is two intervals then, within which the recovery is asked for.
      const staleAfter = Math.min(given.times.staleAfter, 4 * given.times.every);
      const scene = { ...given, times: { ...given.times, staleAfter } };
      let answers: typeof WORTHLESS = {};
      const { watch, requests } = await startOnFake(scene, ['good'], () => answers);
      const since = performance.now();
      answers = { good: answer };
      await expectLadder({ scene, watch, component: 'good', since });
      const asked = requests.filter(({ at: moment }) => moment >= since).map(({ at: moment }) => moment);
      const gaps = asked.slice(1).map((moment, i) => moment - (asked[i] ?? 0));
      const { every } = scene.times;
      assert.ok(Math.max(...gaps) >= 2 * every - paced(300), `never backed off: ${gaps.join(', ')}`);
      assert.ok(
        Math.max(...gaps) <= staleAfter / 2 + every + paced(500),
        `backed off too far: ${gaps.join(', ')}`,
      );
      answers = {};
      const healed = performance.now();
      await expectRecovery({ scene, watch, component: 'good', since: healed }, 2 * every);
      assertProbes(watch);
    },
  };
}
