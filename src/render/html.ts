/** Text that is markup already. Only `html` makes it, so that nothing gets into a page without being escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Plain values are escaped; undefined is nothing at all. */
export type HtmlValue = string | number | undefined | Html | readonly Html[];

/** Markup with values in it, in text or between double quotes: html`<b title="${name}">${name}</b>`. */
export function html(markup: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = markup.map((part, index) => part + textOf(values[index])).join('');
  return new Html(text);
}

function textOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escape(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
