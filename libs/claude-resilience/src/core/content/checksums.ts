/** ISO/IEC 7812 numbers: those of American Express, Diners, JCB, Visa, Mastercard, Maestro, Discover, UnionPay and Mir. */
const CARD = /^(?:2[2-7]\d{14}|[3-6]\d{12,18})$/;

/** Lengths of ISO 13616 account numbers by country. Source: the SWIFT IBAN registry. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  // oxfmt-ignore
  ('AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
   'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
   'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
   'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30')
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/**
 * How many characters, from the start, are the number of a payment card, with its gaps; 0: none. Whatever group of
 * digits comes behind it is left out.
 */
export function cardLength(candidate: string): number {
  for (let end = candidate.length; end > 12; end--) {
    const isEndOfGroup = isDigit(candidate[end - 1]) && !isDigit(candidate[end]);
    const digits = isEndOfGroup ? candidate.slice(0, end).replace(/\D/g, '') : '';
    if (CARD.test(digits) && passesLuhn(digits)) return end;
  }
  return 0;
}

/** The same for an international bank account number (ISO 13616), whose length its country says. */
export function ibanLength(candidate: string): number {
  const wanted = IBAN_LENGTHS.get(candidate.slice(0, 2).toUpperCase()) ?? Infinity;
  let compact = '';
  let end = 0;
  for (; end < candidate.length && compact.length < wanted; end++) {
    if (/[A-Za-z0-9]/.test(candidate.charAt(end))) compact += candidate.charAt(end);
  }
  const endsThere = !/[A-Za-z0-9]/.test(candidate.charAt(end));
  return compact.length === wanted && endsThere && passesMod97(compact) ? end : 0;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/** The check digit of payment cards: from the right, every second digit is doubled. */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** The check digits of bank accounts: the first four characters go to the end, letters count from 10 on. */
function passesMod97(compact: string): boolean {
  const rotated = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of rotated) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
