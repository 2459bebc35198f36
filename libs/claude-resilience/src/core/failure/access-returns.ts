import type { DiagnosisRow } from './diagnosis-row.js';

/** The one place where a text of the API is read for more than its topic; nothing but the date comes out. */
const RETURN_DATE = /regain access on (\d{4})-(\d{2})-(\d{2}) at 00:00 UTC/i;

/**
 * When a spend limit gives access back.
 *
 * @param says text of the API
 * @param wallMs wall-clock milliseconds since the epoch
 * @returns wall-clock milliseconds of a moment to come; `undefined` when nobody knows
 */
export function readAccessReturn(
  how: DiagnosisRow['accessReturns'],
  says: string | undefined,
  wallMs: number,
): number | undefined {
  if (how === undefined) return undefined;
  const said = dateIn(says ?? '');
  if (said !== undefined && said > wallMs) return said;
  return how === 'as_said_or_next_month' ? nextMonth(wallMs) : undefined;
}

function dateIn(text: string): number | undefined {
  const [, year, month, day] = RETURN_DATE.exec(text) ?? [];
  const ms = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isFinite(ms) ? ms : undefined;
}

/** The tiers' caps begin anew at 00:00 UTC on the first day of the month. */
function nextMonth(wallMs: number): number {
  const now = new Date(wallMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
}
