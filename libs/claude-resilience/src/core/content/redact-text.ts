import { REDACTION_RULES, type RedactionRule } from './redaction-rules.js';

/** What one rule took away can uncover a second thing; more rounds than a few were never needed. */
const MOST_ROUNDS = 8;

/**
 * A text without e-mail addresses, phone numbers, payment cards, bank accounts, network addresses and keys: each becomes
 * `[email]`, `[phone]`, `[card]`, `[iban]`, `[ip]`, `[key]` (R16). Rather one thing too many than one too few. It knows
 * neither names nor street addresses: no rule could. Its time grows with the length of the text, whatever the text.
 */
export function redactText(text: string): string {
  let before = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const after = REDACTION_RULES.reduce(applyRule, before);
    if (after === before) return after;
    before = after;
  }
  return before;
}

/** Like `replace`, but goes on right behind the start of a candidate that was none: a card may begin inside it. */
function applyRule(text: string, { pattern, extent, replacement }: RedactionRule): string {
  const search = new RegExp(pattern); // with a position of its own
  let clean = '';
  let copiedTo = 0;
  for (let match = search.exec(text); match !== null; match = search.exec(text)) {
    const length = extent === undefined ? match[0].length : extent(match[0]);
    if (length === 0) {
      search.lastIndex = match.index + 1;
    } else {
      clean += text.slice(copiedTo, match.index) + replacement;
      copiedTo = match.index + length;
      search.lastIndex = copiedTo;
    }
  }
  return copiedTo === 0 ? text : clean + text.slice(copiedTo);
}
