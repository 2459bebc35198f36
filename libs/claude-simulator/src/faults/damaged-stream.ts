import type { EventsReply } from '../api/claude-api.js';
import { edgePage } from '../api/edge-page.js';
import type { WholeReply } from '../http/reply.js';
import type { StreamScript, StreamStep } from '../streams/stream-script.js';
import type { Damage } from './fault.js';
import { markStrike, STRIKE } from './strike-point.js';

/** Where an answer that breaks in the middle breaks, in text deltas. */
const MIDDLE = 5;

/** What the faults of any answer do to one that is a stream. */
export function damagedStream(reply: EventsReply, damage: Damage): StreamScript | WholeReply {
  const script = { kind: 'script', headers: reply.headers } as const;
  switch (damage) {
    case 'stalled':
      return { ...script, steps: [{ kind: 'silence', ms: null }], ending: 'end' };
    case 'truncated':
      return { ...script, steps: brokenAt(reply, 'half'), ending: 'close' };
    case 'reset':
      return { ...script, steps: brokenAt(reply, 'half'), ending: 'reset' };
    case 'broken_json':
      return { ...script, steps: brokenAt(reply, 'broken_json'), ending: 'end' };
    case 'html':
      return edgePage(200, 'Welcome', { 'request-id': reply.headers['request-id'] ?? '' });
    case 'empty':
      return { ...script, steps: [], ending: 'end' };
    default:
      return damage satisfies never;
  }
}

/** Healthy until the middle; of the next event only one half comes, and nothing after it. */
function* brokenAt({ events }: EventsReply, form: 'half' | 'broken_json'): Generator<StreamStep> {
  let isStruck = false;
  for (const event of markStrike(events, MIDDLE)) {
    if (event === STRIKE) isStruck = true;
    else if (isStruck) {
      yield { kind: 'event', event, form };
      return;
    } else yield { kind: 'event', event };
  }
}
