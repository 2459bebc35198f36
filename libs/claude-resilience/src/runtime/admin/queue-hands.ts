import { ClaudeAdminRefusedError } from '../../core/admin/admin-errors.js';
import type { DeferralRoom } from '../deferral-room.js';
import type { Done, Hands } from './hands.js';

/** The queue of this process. */
export function queueHands(room: DeferralRoom): Hands<`queue.${'pause' | 'drain' | 'resume'}`> {
  const turned = (turn: () => void, outcome: string): Done => {
    if (!room.isOpen) throw new ClaudeAdminRefusedError('There is no queue: give the module one.');
    const before = standing(room);
    turn();
    return { target: 'queue', changed: standing(room) !== before, outcome };
  };
  return {
    'queue.pause': () => turned(() => room.pause(), 'Nothing more is started; what is under way goes on.'),
    'queue.drain': () => turned(() => room.drain(), 'Nothing more is taken in; what is there is worked off.'),
    'queue.resume': () => turned(() => room.resume(), 'Requests are taken in, and worked off.'),
  };
}

const standing = (room: DeferralRoom): string => `${room.snapshot().state} ${room.takesIn}`;
