import { readAccessReturn } from './access-returns.js';
import type { DiagnosisRow, Pattern } from './diagnosis-row.js';
import { DIAGNOSIS_TABLE } from './diagnosis-table.js';
import type { FailureFacts, ResponseFacts } from './failure-facts.js';
import type { Failure } from './failure.js';
import { REFUSAL_CATEGORIES } from './refusal-category.js';
import { readRetryAfter } from './retry-after.js';

/** A row, and the failure it makes of facts that say no more than that: one object for all of them. */
interface Diagnosis {
  readonly row: DiagnosisRow;
  readonly failure: Failure;
}

/**
 * Turns plain facts into a failure by the first row of the table that matches.
 *
 * @param wallMs wall-clock milliseconds since the epoch, for a `retry-after` that is a date, and for the end of a month
 */
export function diagnoseFailure(facts: FailureFacts, wallMs: number): Failure {
  if (facts.from === 'inner_call') return { ...facts.failure, retryable: false, verdict: 'neutral', isInner: true };
  const { row, failure } = diagnosisOf(facts);
  switch (facts.from) {
    case 'circuit':
      return { ...failure, retryAfterMs: facts.retryAfterMs };
    case 'budget':
      return { ...failure, isHeld: true, retryAfterMs: facts.retryAfterMs };
    case 'pacing':
      return { ...failure, isHeld: true, ...hintOf(facts.retryAfterMs) };
    case 'refusal':
      return { ...failure, ...categoryOf(facts.category) };
    case 'timeout':
      return facts.isHurried === true ? { ...failure, verdict: 'neutral' } : failure;
    case 'response':
      return {
        ...failure,
        retryable: row.retryable && facts.mayRetry !== false,
        ...hintsOf(facts, row, wallMs),
      };
    default:
      return failure;
  }
}

function diagnosisOf(facts: FailureFacts): Diagnosis {
  for (const diagnosis of DIAGNOSES_FROM.get(facts.from) ?? [])
    if (matches(diagnosis.row.when, facts)) return diagnosis;
  throw new Error(`No diagnosis for facts from ${facts.from}`); // its spec proves: never
}

function diagnosisBy(row: DiagnosisRow): Diagnosis {
  const { kind, retryable, rule, verdict, scope, severity, action, mayFallBackToModel } = row;
  const failure = { kind, retryable, rule, verdict, scope, severity, mayFallBackToModel };
  return { row, failure: Object.freeze(action === undefined ? failure : { ...failure, action }) };
}

function hintOf(retryAfterMs: number | undefined): Pick<Failure, 'retryAfterMs'> {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

function categoryOf(said: string | undefined): Pick<Failure, 'category'> {
  const category = REFUSAL_CATEGORIES.find((known) => known === said);
  return category === undefined ? {} : { category };
}

type Hints = Pick<
  Failure,
  'retryAfterMs' | 'accessReturnsAtMs' | 'stopsAccount' | 'isUnknown' | 'status' | 'requestId'
>;

function hintsOf(facts: ResponseFacts, row: DiagnosisRow, wallMs: number): Hints {
  const retryAfterMs = readRetryAfter(facts.retryAfterMs, facts.retryAfter, wallMs) ?? row.waitMs;
  const accessReturnsAtMs = readAccessReturn(row.accessReturns, facts.says, wallMs);
  return {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(accessReturnsAtMs !== undefined && { accessReturnsAtMs }),
    ...(row.stopsAccount && { stopsAccount: true }),
    ...(isUnknown(facts, row) && { isUnknown: true }),
    ...(facts.status !== undefined && { status: facts.status }),
    ...(facts.requestId !== undefined && { requestId: facts.requestId }),
  };
}

/** The rows in their order, by where facts come from: most of them need not be looked at. */
const DIAGNOSES_FROM = Map.groupBy(DIAGNOSIS_TABLE.map(diagnosisBy), ({ row }) => row.when.from ?? 'response');
const KNOWN_TYPES = new Set(DIAGNOSIS_TABLE.flatMap(({ when }) => when.type ?? []));
const KNOWN_CODES = new Set(DIAGNOSIS_TABLE.flatMap(({ when }) => when.code ?? []));

/** The row is safe all the same: an unknown code means "as the bare type", an unknown type "as the status". */
function isUnknown({ type, code }: ResponseFacts, row: DiagnosisRow): boolean {
  if (code !== undefined && !KNOWN_CODES.has(code)) return true;
  return type === undefined ? row.isCatchAll === true : !KNOWN_TYPES.has(type);
}

function matches(when: Pattern, facts: FailureFacts): boolean {
  switch (facts.from) {
    case 'response':
      return (
        hasStatus(when.status, facts.status) &&
        isOneOf(when.type, facts.type) &&
        isOneOf(when.code, facts.code) &&
        isLike(when.says, facts.says)
      );
    case 'connection':
      return isLike(when.networkCode, facts.networkCode);
    case 'pacing':
      return isOneOf(when.reason, facts.reason);
    case 'screener':
      return isOneOf(when.verdict, facts.verdict);
    case 'body':
      return isOneOf(when.problem, facts.problem);
    case 'timeout':
      return isOneOf(when.limit, facts.limit);
    case 'code':
      return isLike(when.says, facts.says);
    default:
      return true;
  }
}

function isLike(wanted: RegExp | undefined, seen: string | undefined): boolean {
  return wanted === undefined || wanted.test(seen ?? '');
}

function isOneOf(wanted: string | readonly string[] | undefined, seen: string | undefined): boolean {
  return wanted === undefined || (seen !== undefined && [wanted].flat().includes(seen));
}

function hasStatus(wanted: Pattern['status'], status: number | undefined): boolean {
  if (wanted === undefined) return true;
  if (status === undefined) return false;
  if (typeof wanted === 'number') return status === wanted;
  return 'from' in wanted ? status >= wanted.from && status <= wanted.to : wanted.includes(status);
}
