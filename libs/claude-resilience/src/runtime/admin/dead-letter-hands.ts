import { ClaudeAdminRefusedError } from '../../core/admin/admin-errors.js';
import type { AdminAction } from '../../core/admin/admin-act.js';
import type { DeadLettersWish, RedriveLettersWish } from '../../core/admin/admin-wish.js';
import { isDeadLetter, type DeferredRequest } from '../../core/deferral/deferred-request.js';
import { requestErrorCode } from '../../core/deferral/request-error-code.js';
import { ClaudeRequestNotFoundError, ClaudeRequestQueueFullError } from '../../core/deferral/request-store-errors.js';
import type { RequestPage } from '../../core/deferral/request-store.port.js';
import type { DeferralRoom } from '../deferral-room.js';
import type { Done, Hands } from './hands.js';

/** Of one act: more is another one. */
const MOST_LETTERS = 1_000;
const PAGE = 100;

type LetterAction = Extract<AdminAction, `dead_letters.${string}`>;

/** @param deadlineMs milliseconds that a redriven one has, from then on */
export function deadLetterHands(room: DeferralRoom, deadlineMs: number): Hands<LetterAction> {
  const redriven =
    ({ answer = 'keep' }: RedriveLettersWish) =>
    (id: string) =>
      room.redrive(id, { deadlineMs, answer });
  return {
    'dead_letters.redrive': (wish) => handled(room, wish, redriven(wish), 'tried again'),
    'dead_letters.discard': (wish) => handled(room, wish, (id) => room.discard(id), 'discarded'),
  };
}

async function handled(
  room: DeferralRoom,
  { requestId, feature = '' }: DeadLettersWish,
  hand: (id: string) => Promise<DeferredRequest>,
  word: string,
): Promise<Done> {
  if (!room.isOpen) throw new ClaudeAdminRefusedError('There is no queue: give the module one.');
  if (requestId !== undefined) return one(room, requestId, hand, word);
  let count = 0;
  let left = '';
  try {
    for await (const id of lettersOf(room, feature)) {
      if (count >= MOST_LETTERS) {
        left = ' There are more: do it again.';
        break;
      }
      if (await isHandled(() => hand(id))) count++;
    }
  } catch (error) {
    if (count === 0) throw error;
    // What was done is said, whatever came then.
    const isFull = error instanceof ClaudeRequestQueueFullError;
    left = isFull ? ' The queue is full: do the rest later.' : ' The store cannot do more now: do the rest later.';
  }
  return { target: feature, changed: count > 0, count, outcome: `${inWords(count)} ${word}.${left}` };
}

async function* lettersOf(room: DeferralRoom, feature: string): AsyncGenerator<string, void, undefined> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = { limit: PAGE, ...(after !== '' && { after }) };
    const { requests, next }: RequestPage = await room.store.deadLetters(page);
    for (const request of requests) if (request.feature === feature) yield request.id;
    after = next;
  }
}

async function one(
  room: DeferralRoom,
  id: string,
  hand: (id: string) => Promise<DeferredRequest>,
  word: string,
): Promise<Done> {
  const before = await room.store.get(id);
  if (before === undefined) throw new ClaudeRequestNotFoundError(id);
  await hand(id);
  const changed = isDeadLetter(before.state);
  const outcome = changed ? `${inWords(1)} ${word}.` : 'It was done before.';
  // Never its id: who knows that may read the request.
  return { target: before.feature, changed, count: changed ? 1 : 0, outcome };
}

/** @returns `false` when somebody else has decided about it meanwhile */
async function isHandled(hand: () => Promise<unknown>): Promise<boolean> {
  try {
    await hand();
    return true;
  } catch (error) {
    const code = requestErrorCode(error);
    if (code === 'CLAUDE_REQUEST_NOT_DEAD' || code === 'CLAUDE_REQUEST_NOT_FOUND') return false;
    throw error;
  }
}

const inWords = (count: number): string => (count === 1 ? '1 dead letter was' : `${count} dead letters were`);
