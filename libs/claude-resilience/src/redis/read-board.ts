import { ClaudeFleetError } from '../core/fleet/fleet-error.js';
import type { FleetKept } from '../core/fleet/fleet.port.js';

/** Names and texts, one after the other. @throws {ClaudeFleetError} */
export function readShown(answer: unknown): ReadonlyMap<string, string> {
  const texts = textsIn(answer);
  return new Map(texts.flatMap((by, at) => (at % 2 === 0 ? [[by, texts[at + 1] ?? ''] as const] : [])));
}

/** A revision, empty for nothing, and a text. @throws {ClaudeFleetError} */
export function readKept(answer: unknown): FleetKept | undefined {
  const [revision = '', text = ''] = textsIn(answer);
  if (revision === '') return undefined;
  return { revision: Number(revision), text };
}

function textsIn(answer: unknown): readonly string[] {
  if (Array.isArray(answer) && answer.every((one) => typeof one === 'string')) return answer;
  throw new ClaudeFleetError('answers what makes no sense: does something else use its keys?');
}
