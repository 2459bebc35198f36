const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Whether somebody who made it up by hand would have used fewer digits: ids and keys of machines have some. */
export function isRandom(candidate: string): boolean {
  return (candidate.match(/\d/g)?.length ?? 0) >= 2;
}

/**
 * Whether a long run of letters, digits and `+/_-` was made by a machine that knows a secret: hexadecimal, or base64 with
 * its quick change of upper case, lower case and digits. Paths, slugs, names in code and UUIDs are not.
 */
export function isRandomRun(run: string): boolean {
  const rest = run.replace(UUID, '');
  if (/(?<![a-z0-9])(?=\d*[a-f])(?=[a-f]*\d)[a-f0-9]{32,}(?![a-z0-9])/i.test(rest)) return true;
  const parts = rest.split(/[^A-Za-z0-9]+/);
  const plain = parts.join('');
  if (plain.length < 24 || !/[a-z]/.test(plain) || !/[A-Z]/.test(plain) || !/\d.*\d/.test(plain)) return false;
  const changes = parts.reduce((sum, part) => sum + changesOfClass(part), 0);
  return changes >= plain.length / 3;
}

/** How often one character is of another class (upper case, lower case, digit) than the one before it. */
function changesOfClass(part: string): number {
  return part.match(/(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[a-z0-9]|(?<=\d)[A-Za-z]/g)?.length ?? 0;
}

/** Whether a number begins as a date does, day or month first: `01.02.2026`, `01/02/26`, `01-02-2026 10`. */
export function isDate(candidate: string): boolean {
  return /^\(?[0-3]?\d([./ -])[0-3]?\d\1(?:\d{4}|\d{2})(?!\d|\1\d)/.test(candidate);
}
