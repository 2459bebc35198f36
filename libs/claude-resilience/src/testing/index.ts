export { MemoryFleet } from '../core/fleet/memory-fleet.js';
export { ManualClock, settle } from './manual-clock.js';
export { ScriptedRandom } from './scripted-random.js';
export { ScriptedTransport, type ScriptedReply } from './scripted-transport.js';
