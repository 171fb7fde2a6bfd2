import { stringify } from 'yaml';

/** One YAML document with lines of comment above it. */
export function yamlText(comment: readonly string[], value: unknown): string {
  const lines = comment.map((line) => (line === '' ? '#' : `# ${line}`));
  return [...lines, stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, singleQuote: true })].join(
    '\n',
  );
}

/** Several documents in one text. */
export function yamlDocuments(documents: readonly string[]): string {
  return documents.join('---\n');
}
