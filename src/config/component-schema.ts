import * as z from 'zod';
import { isNamePattern, isNatsName } from './nats-names.js';
import { isGroup, relations } from './relations.js';
import { thresholdsSchema } from './thresholds-schema.js';
import { duration, flag, oneOf, text } from './value-schemas.js';

const STREAM = 'must be the name of a stream: no spaces, dots, slashes, "*" or ">"';
const CONSUMER =
  'must be the name of a consumer: no spaces, dots, slashes or ">"; "*" and "?" may stand for other characters';
const STREAMS =
  'must be the name of a stream: no spaces, dots, slashes or ">"; "*" and "?" may stand for other characters';
const NAME = 'must be text of 1 to 200 characters on one line';

const consumerSchema = z.strictObject({
  stream: text(STREAM, isNatsName).describe('Name of the stream'),
  consumer: text(CONSUMER, isNamePattern)
    .exactOptional()
    .describe(
      'Name of the consumer, which must exist; with * or ? a pattern. Default: every consumer of the stream',
    ),
  expect_pullers: oneOf(['always', 'when_due'])
    .default('always')
    .describe('when_due: workers come only when there is work'),
  work_window: duration(1000)
    .exactOptional()
    .describe('Longest time that work takes between signs of life. Default: what the consumer itself allows'),
  critical: flag()
    .default(false)
    .describe('Without live pullers this consumer alone makes the component down'),
});

export const componentSchema = z
  .strictObject({
    name: text(NAME, (value) => /^[^\p{Cc}]{1,200}$/u.test(value))
      .exactOptional()
      .describe('Name for people. Default: the id'),
    consumers: z
      .array(consumerSchema, { error: 'must be a list of consumers' })
      .min(1, { error: 'must name at least one consumer' })
      .exactOptional(),
    discover: flag()
      .default(false)
      .describe(
        'Take every consumer whose metadata says jetstream-status.component with the id of this component; instead of consumers or beside them',
      ),
    streams: z
      .array(text(STREAMS, isNamePattern), { error: 'must be a list of streams' })
      .min(1, { error: 'must name at least one stream' })
      .exactOptional()
      .describe(
        'With discover: where to look, names or patterns with * and ?. Default: every stream of the account',
      ),
    thresholds: thresholdsSchema.prefault({}),
  })
  .superRefine(
    ...relations(({ consumers, discover, streams }, refuse) => {
      if (consumers === undefined && discover === false) {
        refuse(
          ['consumers'],
          'is missing; name the consumers, or set discover: true to find them by their metadata',
        );
      }
      if (streams !== undefined && discover === false) {
        refuse(['streams'], 'has a meaning only with discover: true');
      }
      refuseTwice(consumers, identityOfSelection, (index, first) => {
        refuse(['consumers', index], `names the same consumers as consumers[${String(first)}]`);
      });
      refuseTwice(streams, identityOfName, (index, first) => {
        refuse(['streams', index], `is the same as streams[${String(first)}]`);
      });
    }),
  );

function refuseTwice(
  list: unknown,
  identityOf: (entry: unknown) => string | undefined,
  refuse: (index: number, first: number) => void,
): void {
  const seen = new Map<string, number>();
  (Array.isArray(list) ? (list as unknown[]) : []).forEach((entry, index) => {
    const identity = identityOf(entry);
    if (identity === undefined) return;
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, index);
    else refuse(index, first);
  });
}

function identityOfSelection(selection: unknown): string | undefined {
  return isGroup(selection) && typeof selection.stream === 'string'
    ? JSON.stringify([selection.stream, selection.consumer])
    : undefined;
}

function identityOfName(name: unknown): string | undefined {
  return typeof name === 'string' ? name : undefined;
}
