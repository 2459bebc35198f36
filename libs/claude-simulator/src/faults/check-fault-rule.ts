import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ERROR_TYPES } from '../api/error-type.js';
import { isJsonObject, type JsonObject } from '../json/json-object.js';
import { checkFields } from '../validation/check-fields.js';
import { type FieldCheck, FILLED_TEXT, integer, oneOf } from '../validation/field-check.js';
import type { Fault, StreamFault } from './fault.js';
import { FAULT_PROFILES, type FaultName } from './fault-profiles.js';
import type { FaultRule } from './fault-rule.js';

/** These two frame the answer: sent wrong, the client would wait for ever. */
const FRAMING: readonly string[] = ['content-length', 'transfer-encoding'];

const FIELDS: Readonly<Record<keyof FaultRule, FieldCheck>> = {
  fault: oneOf(...Object.keys(FAULT_PROFILES)),
  when: { expected: 'an object with method, path, model, promptIncludes or customId', accepts: isJsonObject },
  skip: integer(0),
  share: { expected: 'a number from 0 to 1', accepts: (v) => typeof v === 'number' && v >= 0 && v <= 1 },
  count: integer(1),
  fromMs: integer(0),
  untilMs: integer(1),
  delayMs: integer(0),
  strikesAt: oneOf('arrival', 'answer'),
  retryAfterSeconds: {
    expected: 'whole seconds, 0 or more, or null',
    accepts: (v) => v === null || integer(0).accepts(v),
  },
  message: { expected: 'a text', accepts: (v) => typeof v === 'string' },
  headers: {
    expected: 'an object of header names and texts, without content-length and transfer-encoding',
    accepts: areHeaders,
  },
  afterEvents: { expected: 'an integer, 0 or more, or null', accepts: (v) => v === null || integer(0).accepts(v) },
  errorType: oneOf(...ERROR_TYPES),
  category: oneOf('cyber', 'bio', 'frontier_llm', 'reasoning_extraction', 'general_harms', null),
  status: integer(200, 599),
  body: { expected: 'a text or JSON', accepts: isJson },
};

const WHEN_FIELDS: Readonly<Record<keyof NonNullable<FaultRule['when']>, FieldCheck>> = {
  method: oneOf('GET', 'POST', 'DELETE'),
  path: { expected: 'a path that begins with /', accepts: (v) => typeof v === 'string' && v.startsWith('/') },
  model: FILLED_TEXT,
  promptIncludes: FILLED_TEXT,
  customId: {
    expected: 'a custom_id, the beginning of one with a * behind it, or *',
    accepts: (v) => typeof v === 'string' && /^([a-zA-Z0-9_-]{1,64}|[a-zA-Z0-9_-]{0,63}\*)$/.test(v),
  },
};

/** What can happen to an item of a batch, and what belongs to an answer of its own, which an item has not. */
const FAULTS_OF_ITEMS: readonly Fault['kind'][] = ['error', 'refusal', 'expired'];
const NOT_OF_ITEMS: Parameters = ['delayMs', 'strikesAt', 'retryAfterSeconds', 'headers'];

type Parameters = readonly (keyof FaultRule)[];

/** Parameters that only some faults have; the other fields of a rule go with every fault. */
const PARAMETERS_OF: Readonly<Record<Exclude<Fault['kind'], 'stream'>, Parameters>> = {
  error: ['retryAfterSeconds', 'message', 'headers', 'strikesAt'],
  page: ['retryAfterSeconds', 'message', 'headers', 'strikesAt'],
  refusal: ['category', 'message'],
  custom: ['status', 'headers', 'body', 'strikesAt'],
  slow: [],
  hang: ['strikesAt'],
  reset: ['strikesAt'],
  damage: [],
  expired: [],
};
const STREAM_PARAMETERS_OF: Readonly<Record<StreamFault, Parameters>> = {
  error: ['afterEvents', 'errorType', 'message'],
  eof: ['afterEvents'],
  eof_after_delta: [],
  reset: ['afterEvents'],
  silence: ['afterEvents'],
  refusal: ['afterEvents', 'category', 'message'],
  unknown_event: ['afterEvents'],
  slow: ['afterEvents'],
};
const PARAMETERS = new Set([PARAMETERS_OF, STREAM_PARAMETERS_OF].flatMap((lists) => Object.values(lists)).flat());

/** Lists every problem of a rule, each with its path below `at`; an empty list means valid. */
export function checkFaultRule(rule: unknown, at: string): string[] {
  if (!isJsonObject(rule)) return [`${at}: expected an object`];
  const { fault, when, fromMs, untilMs } = rule as Partial<Record<keyof FaultRule, unknown>>;
  const issues = checkFields(rule, FIELDS, at);
  if (isJsonObject(when)) issues.push(...checkFields(when, WHEN_FIELDS, `${at}.when`));
  if (fault === undefined) issues.push(`${at}.fault: missing; expected ${FIELDS.fault.expected}`);
  if (isFaultName(fault)) issues.push(...checkParameters(rule, fault, at), ...checkAim(rule, fault, at));
  if (Number(untilMs) <= Number(fromMs ?? 0)) issues.push(`${at}.untilMs: expected more than fromMs`);
  return issues;
}

function checkParameters(rule: JsonObject, fault: FaultName, at: string): string[] {
  const profile: Fault = FAULT_PROFILES[fault];
  const allowed = profile.kind === 'stream' ? STREAM_PARAMETERS_OF[profile.how] : PARAMETERS_OF[profile.kind];
  const misplaced = [...PARAMETERS].filter((name) => rule[name] !== undefined && !allowed.includes(name));
  const issues = misplaced.map((name) => `${at}.${name}: not a parameter of ${fault}`);
  if (fault === 'custom' && rule['status'] === undefined)
    issues.push(`${at}.status: missing; expected ${FIELDS.status.expected}`);
  return issues;
}

/** Items of batches and requests are struck by different rules. */
function checkAim(rule: JsonObject, fault: FaultName, at: string): string[] {
  const { kind } = FAULT_PROFILES[fault];
  const aimsAtItems = isJsonObject(rule['when']) && rule['when']['customId'] !== undefined;
  if (!aimsAtItems) return kind === 'expired' ? [`${at}.when.customId: missing; ${fault} is for items of batches`] : [];
  const misplaced = NOT_OF_ITEMS.filter((name) => rule[name] !== undefined);
  const issues = misplaced.map((name) => `${at}.${name}: not a parameter of items of batches`);
  if (!FAULTS_OF_ITEMS.includes(kind)) issues.push(`${at}.when.customId: ${fault} does not happen to items of batches`);
  return issues;
}

function isFaultName(value: unknown): value is FaultName {
  return typeof value === 'string' && Object.hasOwn(FAULT_PROFILES, value);
}

function areHeaders(value: unknown): boolean {
  return isJsonObject(value) && Object.entries(value).every(([name, text]) => isHeader(name, text));
}

function isHeader(name: string, text: unknown): boolean {
  try {
    validateHeaderName(name);
    if (typeof text === 'string') validateHeaderValue(name, text);
    return typeof text === 'string' && !FRAMING.includes(name.toLowerCase());
  } catch {
    return false;
  }
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}
