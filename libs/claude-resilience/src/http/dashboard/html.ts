/** Markup that is safe to send. Made by `html`, and by `trusted` of what this module itself wrote. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template. Texts are escaped; `false` and `undefined` are nothing. */
export type HtmlPart = Html | string | number | false | undefined | readonly HtmlPart[];

/** The only way to make markup: every text that is put in is text, whatever is in it. Attributes have to be in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const texts = strings.map((string, index) => (index === 0 ? string : `${markupOf(parts[index - 1])}${string}`));
  return new Html(texts.join(''));
}

/** Scripts, styles and drawings of this module. Never of what anybody else has named or said. */
export function trusted(text: string): Html {
  return new Html(text);
}

function markupOf(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(markupOf).join('');
  return escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Control characters, and those that turn the direction of text: a name must not rewrite the line that it stands in. */
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- they are what it is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

function escaped(text: string): string {
  return text.replace(UNSEEN, '\ufffd').replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? character);
}
