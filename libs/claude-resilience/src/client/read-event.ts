import type {
  ClaudeAcceptedEvent,
  ClaudeEndEvent,
  ClaudeProgressEvent,
  ClaudeRequestEvent,
  ClaudeRequestPhase,
} from './claude-request-event.js';
import { isObject, parseObject, textOf, type JsonObject } from './json-object.js';
import { readProblem } from './read-problem.js';

const PHASES: readonly string[] = ['queued', 'running', 'slow', 'retrying', 'degraded', 'backgrounded'];

/**
 * What an event of the stream says. `unknown` is for what a newer server may say and for progress that cannot be read:
 * both can be missed. `unreadable` is an end, and must be asked for again.
 */
export function readEvent(name: string, data: string): ClaudeRequestEvent | 'unknown' | 'unreadable' {
  const body = parseObject(data);
  switch (name) {
    case 'accepted':
      return body === undefined ? 'unknown' : readAccepted(body);
    case 'progress':
      return body === undefined ? 'unknown' : readProgress(body, textOf(body['phase']));
    case 'done':
    case 'failed':
    case 'cancelled':
      return body === undefined ? 'unreadable' : readEnd(name, body);
    default:
      return 'unknown';
  }
}

/** What the status of a request says, in the words of the stream; `undefined` if it says nothing of the kind. */
export function readState(text: string): readonly ClaudeRequestEvent[] | undefined {
  const body = parseObject(text);
  switch (body?.['status']) {
    case 'waiting':
      return [readAccepted(body), readProgress(body, 'queued')];
    case 'running':
      return [readAccepted(body), readProgress(body, 'running')];
    case 'succeeded':
      return [readEnd('done', body)];
    case 'failed':
    case 'expired':
      return [readEnd('failed', body)];
    case 'cancelled':
      return [readEnd('cancelled', body)];
    default:
      return undefined;
  }
}

export function readAccepted(body: JsonObject): ClaudeAcceptedEvent {
  return {
    type: 'accepted',
    requestId: textOf(body['requestId']),
    status: textOf(body['status'], 'waiting'),
    message: textOf(body['message']),
  };
}

function readProgress(body: JsonObject, phase: string): ClaudeProgressEvent {
  const { position, expectedWaitSeconds, elapsedSeconds } = body;
  return {
    type: 'progress',
    // A phase that a newer server knows is still one of being at work.
    phase: PHASES.includes(phase) ? (phase as ClaudeRequestPhase) : 'running',
    message: textOf(body['message']),
    elapsedSeconds: typeof elapsedSeconds === 'number' ? elapsedSeconds : 0,
    ...(typeof position === 'number' && { position }),
    ...(typeof expectedWaitSeconds === 'number' && { expectedWaitSeconds }),
  };
}

function readEnd(type: ClaudeEndEvent['type'], body: JsonObject): ClaudeEndEvent {
  const message = textOf(body['message']);
  if (type === 'done') return { type, message, result: body['result'] };
  if (type === 'cancelled') return { type, message };
  const problem = readProblem(isObject(body['problem']) ? body['problem'] : { message: body['message'] });
  return { type, message: message || problem.message, problem };
}
