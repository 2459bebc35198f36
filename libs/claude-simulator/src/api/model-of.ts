import { isJsonObject } from '../json/json-object.js';
import type { JsonReading } from './read-json.js';

/** The model that a body names, right or wrong. */
export function modelOf(body: JsonReading): string | null {
  const model = body.kind === 'json' && isJsonObject(body.value) ? body.value['model'] : null;
  return typeof model === 'string' ? model : null;
}
