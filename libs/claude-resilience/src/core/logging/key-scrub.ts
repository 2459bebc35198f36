/** What stands instead of a key. */
export const SCRUBBED = '[key]';

/** Fields that hold nothing else, at whatever depth; as JSON, and as JSON in a text of JSON. */
const FIELDS = [
  'x-api-key',
  'api[-_]?key',
  'auth[-_]?token',
  'access[-_]?token',
  'token',
  'authorization',
  '(?:set-)?cookie',
  'routing[-_]?key',
  'webhook[-_]?url',
  '(?:client[-_]?|signing[-_]?)?secret',
  'password',
].join('|');

/** What is known by its look, wherever it stands. */
const LOOKS = [
  String.raw`sk-ant-[\w-]+`,
  String.raw`whsec_[\w+/=-]{8,}`,
  String.raw`https://hooks\.slack(?:-gov)?\.com/[^\s"'\\<>]+`,
  String.raw`(?<=\bbearer )[\w.~+/-]{20,}=*`,
];

/** Longer than any line that is meant, in characters; beyond twice of it a pattern may run out of stack. */
const LONGEST_LINE = 4_000_000;

/**
 * Takes keys out of a finished line of JSON, which stays one: redaction by path looks neither into strings nor deeper than
 * it was told.
 *
 * @param secrets what else must never be written, 8 characters or more each
 */
export function keyScrub(secrets: readonly string[] = []): (line: string) => string {
  const known = secrets.flatMap((secret) => [inJson(secret), encodeURIComponent(secret.toWellFormed())]).map(escaped);
  const field = String.raw`("(?:${FIELDS})"\s{0,4}:\s{0,4}")(?:[^"\\]|\\.)*`;
  // From where the run of backslashes begins, or a long one would be looked at from each of its places.
  const fieldInText = String.raw`((?<!\\)\\+"(?:${FIELDS})\\+"\s{0,4}:\s{0,4}\\+")[^"\\]*`;
  const all = new RegExp([field, fieldInText, ...LOOKS, ...new Set(known)].join('|'), 'gi');
  return (line) =>
    line.length > LONGEST_LINE
      ? leftOut(line)
      : line.replace(
          all,
          (_all, before?: string, beforeInText?: string) => `${before ?? beforeInText ?? ''}${SCRUBBED}`,
        );
}

function leftOut({ length }: string): string {
  return `${JSON.stringify({ level: 40, msg: 'A line was too long to be searched for keys: it is left out', characters: length })}\n`;
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
