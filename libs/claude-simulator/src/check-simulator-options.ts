import { SimulatorClock } from './clock/simulator-clock.js';
import { checkFaultRule } from './faults/check-fault-rule.js';
import { isJsonObject } from './json/json-object.js';
import type { LimitOptions } from './limits/limit.options.js';
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
  latencyMs: { expected: 'milliseconds, 0 or more, or { medianMs, sigma }, both 0 or more', accepts: isLatency },
  limits: { expected: 'an object or false', accepts: (v) => v === false || isJsonObject(v) },
  rateLimitHeaders: { expected: 'true or false', accepts: (v) => typeof v === 'boolean' },
  concurrency: integer(1),
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

/** @throws {InvalidInputError} naming every bad field */
export function checkSimulatorOptions(options: SimulatorOptions): void {
  const { limits, scenario } = options;
  const issues = checkFields(options, OPTIONS);
  if (isJsonObject(limits)) issues.push(...checkFields(limits, LIMITS, 'limits'));
  if (Array.isArray(scenario))
    issues.push(...scenario.flatMap((rule, index) => checkFaultRule(rule, `scenario[${index}]`)));
  if (issues.length > 0) throw new InvalidInputError('simulator options', issues);
}

function isLatency(value: unknown): boolean {
  return isAmount(value) || (isJsonObject(value) && isAmount(value['medianMs']) && isAmount(value['sigma']));
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
