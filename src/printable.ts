/** On one line and without a sequence that steers a terminal, whatever a server calls its things. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?');
}
