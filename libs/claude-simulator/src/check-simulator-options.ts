import type { BatchOptions } from './batches/batch.options.js';
import { SimulatorClock } from './clock/simulator-clock.js';
import { checkFaultRule } from './faults/check-fault-rule.js';
import { isJsonObject } from './json/json-object.js';
import type { LimitOptions } from './limits/limit.options.js';
import type { ModelOptions } from './models/model.options.js';
import { MODEL_TABLE } from './models/model-table.js';
import type { StreamOptions } from './streams/stream.options.js';
import type { SimulatorOptions } from './simulator.options.js';
import { checkFields } from './validation/check-fields.js';
import { type FieldCheck, FILLED_TEXT, integer } from './validation/field-check.js';
import { InvalidInputError } from './validation/invalid-input-error.js';

const MAX_PORT = 65_535;

const OPTIONS: Readonly<Record<keyof SimulatorOptions, FieldCheck>> = {
  port: integer(0, MAX_PORT),
  seed: { expected: 'an integer', accepts: Number.isSafeInteger },
  apiKeys: {
    expected: 'a list of texts that are not empty',
    accepts: (v) => Array.isArray(v) && v.every(FILLED_TEXT.accepts),
  },
  answer: { expected: 'a function', accepts: (v) => typeof v === 'function' },
  continuationOverlap: integer(0),
  latencyMs: { expected: 'milliseconds, 0 or more, or { medianMs, sigma }, both 0 or more', accepts: isLatency },
  stream: { expected: 'an object', accepts: isJsonObject },
  batches: { expected: 'an object', accepts: isJsonObject },
  limits: { expected: 'an object or false', accepts: (v) => v === false || isJsonObject(v) },
  rateLimitHeaders: { expected: 'true or false', accepts: (v) => typeof v === 'boolean' },
  concurrency: integer(1),
  models: { expected: 'an object', accepts: isJsonObject },
  scenario: { expected: 'a list of rules', accepts: Array.isArray },
  clock: { expected: 'a SimulatorClock', accepts: (v) => v instanceof SimulatorClock },
  maxLoggedRequests: integer(1),
};

const LIMITS: Readonly<Record<keyof LimitOptions, FieldCheck>> = {
  requestsPerMinute: integer(1),
  burst: integer(1),
  inputTokensPerMinute: integer(1),
  outputTokensPerMinute: integer(1),
};

const STREAM: Readonly<Record<keyof StreamOptions, FieldCheck>> = {
  chunk: { expected: "'word' or an integer, 1 or more", accepts: (v) => v === 'word' || integer(1).accepts(v) },
  delayMs: integer(0),
  pingEveryMs: integer(1),
};

const BATCHES: Readonly<Record<keyof BatchOptions, FieldCheck>> = {
  durationMs: integer(0),
  cancelMs: integer(0),
  expiresAfterMs: integer(0),
};

const MODEL: Readonly<Record<keyof ModelOptions, FieldCheck>> = {
  retiresAt: {
    expected: 'a date and time as in 2027-01-31T00:00:00Z, or null',
    accepts: (v) => v === null || (typeof v === 'string' && /^\d{4}-\d\d-\d\d/.test(v) && !Number.isNaN(Date.parse(v))),
  },
};

/** @throws {InvalidInputError} naming every bad field */
export function checkSimulatorOptions(options: SimulatorOptions): void {
  const { batches, limits, models, scenario, stream } = options;
  const issues = checkFields(options, OPTIONS);
  if (isJsonObject(batches)) issues.push(...checkFields(batches, BATCHES, 'batches'));
  if (isJsonObject(limits)) issues.push(...checkFields(limits, LIMITS, 'limits'));
  if (isJsonObject(stream)) issues.push(...checkFields(stream, STREAM, 'stream'));
  if (isJsonObject(models)) issues.push(...Object.entries(models).flatMap(([id, model]) => checkModel(id, model)));
  if (Array.isArray(scenario))
    issues.push(...scenario.flatMap((rule, index) => checkFaultRule(rule, `scenario[${index}]`)));
  if (issues.length > 0) throw new InvalidInputError('simulator options', issues);
}

function checkModel(id: string, options: unknown): string[] {
  const at = `models.${id}`;
  if (!MODEL_TABLE.some((model) => model.id === id || model.alias === id)) return [`${at}: no such model`];
  if (!isJsonObject(options)) return [`${at}: expected an object`];
  return options['retiresAt'] === undefined ? [`${at}.retiresAt: missing`] : checkFields(options, MODEL, at);
}

function isLatency(value: unknown): boolean {
  return isAmount(value) || (isJsonObject(value) && isAmount(value['medianMs']) && isAmount(value['sigma']));
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
