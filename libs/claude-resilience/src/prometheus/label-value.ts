// oxlint-disable-next-line no-control-regex -- those are meant
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f]/g;

/**
 * A name from outside as the value of a label. Whoever writes it out escapes quotes, backslashes and newlines; what is left
 * would be unreadable, or no Unicode: some parsers end at it.
 */
export function labelValue(text: string): string {
  return text.toWellFormed().replace(UNSEEN, '\ufffd');
}
