import { isJsonObject, type JsonObject } from '../json/json-object.js';
import { checkTurns } from './check-turns.js';
import { REQUEST_FIELDS } from './request-fields.js';

/** Rejected since API version 2026-10-21. */
const SAMPLING_FIELDS = ['temperature', 'top_p', 'top_k'] as const;

/** The first thing wrong with the body of a message or a token count, in the API's own manner: `field: what`. */
export function findBodyIssue(body: unknown, purpose: 'create' | 'count', apiVersion: string): string | undefined {
  if (!isJsonObject(body)) return 'Input should be a valid dictionary';
  return (
    checkModel(body['model']) ??
    (purpose === 'create' ? checkMaxTokens(body['max_tokens']) : undefined) ??
    checkTurns(body['messages'], apiVersion) ??
    checkSystem(body['system']) ??
    checkStopSequences(body['stop_sequences']) ??
    checkStream(body['stream']) ??
    checkSpeed(body['speed']) ??
    checkRegion(body['inference_geo']) ??
    checkSampling(body, apiVersion) ??
    checkUnknownFields(body, REQUEST_FIELDS[purpose])
  );
}

function checkModel(model: unknown): string | undefined {
  if (model === undefined) return 'model: Field required';
  if (typeof model !== 'string') return 'model: Input should be a valid string';
  return model === '' ? 'model: String should have at least 1 character' : undefined;
}

function checkMaxTokens(maxTokens: unknown): string | undefined {
  if (maxTokens === undefined) return 'max_tokens: Field required';
  if (!Number.isInteger(maxTokens)) return 'max_tokens: Input should be a valid integer';
  return Number(maxTokens) < 1 ? 'max_tokens: must be greater than or equal to 1' : undefined;
}

function checkSystem(system: unknown): string | undefined {
  if (system === undefined || typeof system === 'string') return undefined;
  if (Array.isArray(system) && system.every(isTextBlock)) return undefined;
  return 'system: Input should be a valid string or a list of text blocks';
}

function checkStopSequences(stops: unknown): string | undefined {
  if (stops === undefined || stops === null) return undefined;
  if (Array.isArray(stops) && stops.every(isStopSequence)) return undefined;
  return 'stop_sequences: each stop sequence must contain non-whitespace';
}

function checkStream(stream: unknown): string | undefined {
  if (stream === undefined || stream === null || stream === false) return undefined;
  return stream === true ? undefined : 'stream: Input should be a valid boolean';
}

function checkSpeed(speed: unknown): string | undefined {
  if (speed === undefined || speed === null || speed === 'standard' || speed === 'fast') return undefined;
  return "speed: Input should be 'standard' or 'fast'";
}

function checkRegion(region: unknown): string | undefined {
  if (region === undefined || region === null || typeof region === 'string') return undefined;
  return 'inference_geo: Input should be a valid string';
}

function checkSampling(body: JsonObject, apiVersion: string): string | undefined {
  const given = SAMPLING_FIELDS.find((field) => body[field] !== undefined);
  if (given === undefined) return undefined;
  if (apiVersion >= '2026-10-21') return `${given}: not supported in API version ${apiVersion}`;
  return typeof body[given] === 'number' ? undefined : `${given}: Input should be a valid number`;
}

function checkUnknownFields(body: JsonObject, known: ReadonlySet<string>): string | undefined {
  const unknown = Object.keys(body).find((field) => !known.has(field));
  return unknown === undefined ? undefined : `${unknown.slice(0, 100)}: Extra inputs are not permitted`;
}

function isTextBlock(block: unknown): boolean {
  return isJsonObject(block) && block['type'] === 'text' && typeof block['text'] === 'string';
}

function isStopSequence(stop: unknown): boolean {
  return typeof stop === 'string' && stop.trim() !== '';
}
