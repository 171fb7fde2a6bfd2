/** Whether a text can be the id of a component, which is a segment of a path. */
export function isComponentId(text: string): boolean {
  return /^[a-z0-9-]{1,100}$/.test(text);
}
