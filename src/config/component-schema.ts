import { z } from 'zod';
import { isNamePattern, isNatsName } from './nats-names.js';
import { isGroup, relations } from './relations.js';
import { thresholdsSchema } from './thresholds-schema.js';
import { duration, flag, oneOf, text } from './value-schemas.js';

const STREAM = 'must be the name of a stream: no spaces, dots, slashes, "*" or ">"';
const CONSUMER =
  'must be the name of a consumer: no spaces, dots, slashes or ">"; "*" and "?" may stand for other characters';
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
      .min(1, { error: 'must name at least one consumer' }),
    thresholds: thresholdsSchema.prefault({}),
  })
  .superRefine(
    ...relations(({ consumers }, refuse) => {
      const seen = new Map<string, number>();
      (Array.isArray(consumers) ? (consumers as unknown[]) : []).forEach((selection, index) => {
        if (!isGroup(selection) || typeof selection.stream !== 'string') return;
        const identity = JSON.stringify([selection.stream, selection.consumer]);
        const first = seen.get(identity);
        if (first === undefined) seen.set(identity, index);
        else refuse(['consumers', index], `names the same consumers as consumers[${String(first)}]`);
      });
    }),
  );
