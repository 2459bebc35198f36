import type { JsonObject } from '../json/json-object.js';

/** Fields that a message takes and an item of a batch does not. */
const NOT_IN_BATCHES = ['speed', 'fallbacks', 'thread'] as const;

/** What is wrong with the params of an item because it is in a batch; found only while the batch is processed. */
export function findBatchItemIssue(params: JsonObject): string | undefined {
  if (params['stream'] === true) return '"stream=True" is not supported in the Message Batches API';
  const given = NOT_IN_BATCHES.find((field) => params[field] !== undefined && params[field] !== null);
  return given === undefined ? undefined : `${given}: not supported in the Message Batches API`;
}
