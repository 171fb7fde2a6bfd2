/** Whether a name stands for others. */
export function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

/** `*` stands for any characters, `?` for one. */
export function patternMatcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => expression.test(name);
}
