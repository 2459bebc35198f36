import type { DeferredRequest } from '../../core/deferral/deferred-request.js';
import { ClaudeAdminRefusedError } from '../../core/admin/admin-errors.js';
import { ClaudeInvalidOptionsError } from '../../core/errors.js';
import { OptionReader } from '../../core/option-reader.js';
import type { DeferralRoom } from '../../runtime/deferral-room.js';

/** A dead letter, as operators see it: nothing of what was asked, and nothing of whom it belongs to. */
export interface DeadLetter {
  /** For redrive and discard; who knows it may read the request. */
  readonly requestId: string;
  readonly feature: string;
  readonly workflow: string;
  readonly correlationId: string;
  readonly state: string;
  readonly attempts: number;
  /** Wall-clock milliseconds. */
  readonly enqueuedAtMs: number;
  readonly endedAtMs?: number;
  /** What it failed by the last time; absent when it was never tried. */
  readonly kind?: string;
  readonly rule?: string;
}

export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetter[];
  /** For `?after=`; absent on the last page. */
  readonly next?: string;
}

const USUAL_LIMIT = 50;
const MOST = 200;

/** `?limit=&after=`, the oldest first. @throws {ClaudeInvalidOptionsError} @throws {ClaudeAdminRefusedError} without a queue */
export async function deadLetterPage(room: DeferralRoom, query: unknown): Promise<DeadLetterPage> {
  if (!room.isOpen) throw new ClaudeAdminRefusedError('There is no queue: give the module one.');
  const issues: string[] = [];
  const read = new OptionReader('query', query, issues);
  const [digits = String(USUAL_LIMIT), after] = [read.text('limit'), read.text('after')];
  const limit = /^\d{1,3}$/.test(digits) ? Number(digits) : 0;
  if (limit < 1 || limit > MOST) issues.push(`query.limit: 1 to ${MOST}`);
  if (after !== undefined && !/^\d{1,16}$/.test(after)) issues.push('query.after: `next` of the page before');
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  const { requests, next } = await room.store.deadLetters({ limit, ...(after !== undefined && { after }) });
  return { deadLetters: requests.map(letterOf), ...(next !== undefined && { next }) };
}

function letterOf({ id, feature, workflow, correlationId, enqueuedAtMs, state }: DeferredRequest): DeadLetter {
  const failure = state.name === 'failed' ? state.failure : 'lastFailure' in state ? state.lastFailure : undefined;
  return {
    requestId: id,
    feature,
    workflow,
    correlationId,
    state: state.name,
    attempts: state.attempts,
    enqueuedAtMs,
    ...('endedAtMs' in state && { endedAtMs: state.endedAtMs }),
    ...(failure !== undefined && { kind: failure.kind, rule: failure.rule }),
  };
}
