/** Values by key; those that were refused by themselves can be anything, so each must be looked at before use. */
export type Values = Readonly<Record<string, unknown>>;

export type Refuse = (path: readonly (string | number)[], text: string) => void;

interface IssueSink {
  addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void;
}

/**
 * Arguments for zod's `superRefine`: rules between keys of one group. They hold even where single keys are wrong, so
 * that one message can tell everything that is.
 */
export function relations(
  check: (values: Values, refuse: Refuse) => void,
): [(values: unknown, sink: IssueSink) => void, { when: () => boolean }] {
  return [
    (values, sink) => {
      if (!isGroup(values)) return;
      check(values, (path, message) => {
        sink.addIssue({ code: 'custom', path: [...path], message });
      });
    },
    { when: () => true },
  ];
}

/** A YAML mapping: keys with values. */
export function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
