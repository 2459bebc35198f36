import { edgePage } from '../api/edge-page.js';
import type { PlainReply, ReplyHeaders, WholeReply } from '../http/reply.js';
import type { Damage } from './fault.js';

/** What becomes of a healthy answer on its way. */
export function damagedReply(reply: WholeReply, damage: Damage): PlainReply {
  const halfBytes = Math.floor(Buffer.byteLength(reply.body) / 2);
  switch (damage) {
    case 'stalled':
      return { ...reply, kind: 'partial', sentBytes: 0, ending: 'silence' };
    case 'truncated':
      return { ...reply, kind: 'partial', sentBytes: halfBytes, ending: 'close' };
    case 'reset':
      return { ...reply, kind: 'partial', sentBytes: halfBytes, ending: 'reset' };
    case 'broken_json':
      return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    case 'html':
      return edgePage(200, 'Welcome', requestIdOf(reply.headers));
    case 'empty':
      return { ...reply, body: '' };
    default:
      return damage satisfies never;
  }
}

function requestIdOf(headers: ReplyHeaders): ReplyHeaders {
  return { 'request-id': headers['request-id'] ?? '' };
}
