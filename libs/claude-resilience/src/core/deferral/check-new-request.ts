import { CALL_PRIORITIES } from '../call.js';
import { ClaudeInvalidOptionsError } from '../errors.js';
import type { NewRequest } from './deferred-request.js';

/** Longest id, feature, owner, locale or idempotency key, in UTF-16 units: they are indexed. */
const MAX_NAME_LENGTH = 512;

/** @throws {ClaudeInvalidOptionsError} naming every field of a request that no store could keep */
export function checkNewRequest(request: NewRequest): void {
  const issues: string[] = [];
  for (const field of ['id', 'correlationId', 'feature', 'workflow', 'owner', 'locale', 'idempotencyKey'] as const) {
    const value: unknown = request[field];
    const mayLack = field === 'owner' || field === 'locale' || field === 'idempotencyKey';
    if (!(isName(value) || (mayLack && value === undefined))) {
      issues.push(`request.${field}: 1 to ${MAX_NAME_LENGTH} well-formed characters`);
    }
  }
  for (const field of ['notBeforeMs', 'deadlineMs'] as const) {
    if (!Number.isSafeInteger(request[field])) issues.push(`request.${field}: whole milliseconds since the epoch`);
  }
  if (!CALL_PRIORITIES.includes(request.priority)) {
    issues.push(`request.priority: one of ${CALL_PRIORITIES.join(', ')}`);
  }
  if (typeof request.parametersJson !== 'string') issues.push('request.parametersJson: JSON text');
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
}

/** Half a surrogate pair would be stored as the same sign as any other half: two owners could become one. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH && value.isWellFormed();
}
