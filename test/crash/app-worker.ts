/**
 * The module without Nest: real store, drain, pipeline and SDK against the simulator of the parent process, until it kills
 * itself, as `kill -9` would, at one of the moments that matter. `node app-worker.mjs FILE URL LIFE WHERE NTH COUNT`. What it
 * says on its output, one line of JSON each, it says at once after the store's promise: acknowledgements that must hold.
 */
import { writeSync } from 'node:fs';
import { clientsOf } from '../../libs/claude-resilience/src/anthropic/anthropic.options.js';
import { MemoryReviewList } from '../../libs/claude-resilience/src/core/fallback/memory-review-list.js';
import { resolveOptions } from '../../libs/claude-resilience/src/nest/claude-resilience.options.js';
import { ClaudeMessages } from '../../libs/claude-resilience/src/nest/claude-messages.js';
import { DeferredHandlers } from '../../libs/claude-resilience/src/nest/deferred-handlers.js';
import { DeferredWorker } from '../../libs/claude-resilience/src/nest/deferred-worker.js';
import { ClaudeRuntime } from '../../libs/claude-resilience/src/runtime/claude-runtime.js';
import { DeferralRoom } from '../../libs/claude-resilience/src/runtime/deferral-room.js';
import { SqliteRequestStore } from '../../libs/claude-resilience/src/sqlite/sqlite-request-store.js';
import { SystemClock } from '../../libs/claude-resilience/src/system/system-clock.js';
import { SystemRandom } from '../../libs/claude-resilience/src/system/system-random.js';

const [path = '', baseURL = '', life = '', where = '', nth = '', count = ''] = process.argv.slice(2);

const say = (...words: (string | number)[]) => void writeSync(1, `${JSON.stringify(words)}\n`);
let left = Number(nth);
/** Passes a moment; the n-th of the kind asked for is the last thing this process does. */
const moment = (name: string) => {
  if (name === where && --left <= 0) process.kill(process.pid, 'SIGKILL');
};

/** Says what was acknowledged, and dies before, inside or after it. */
class TellingStore extends SqliteRequestStore {
  override async enqueue(...given: Parameters<SqliteRequestStore['enqueue']>) {
    moment('enqueue');
    const taken = await super.enqueue(...given);
    say('enqueued', given[0].idempotencyKey ?? '', taken.request.id);
    moment('enqueued');
    return taken;
  }
  override async claim(...given: Parameters<SqliteRequestStore['claim']>) {
    const claiming = super.claim(...given);
    moment('claim');
    const claimed = await claiming;
    if (claimed !== undefined) {
      say('claimed', claimed.idempotencyKey ?? '', claimed.state.fencingNumber);
      moment('claimed');
    }
    return claimed;
  }
  override async storeAnswer(...given: Parameters<SqliteRequestStore['storeAnswer']>) {
    moment('answered');
    const storing = super.storeAnswer(...given);
    moment('store');
    await storing;
    say('stored', given[0].id);
    moment('stored');
  }
  override async complete(...given: Parameters<SqliteRequestStore['complete']>) {
    const completing = super.complete(...given);
    moment('complete');
    const done = await completing;
    say('completed', done.idempotencyKey ?? '', given[0].fencingNumber);
    moment('completed');
    return done;
  }
}

class LateClock extends SystemClock {
  // Each life begins an hour after the one before, so that the leases of the dead are over.
  override wallMs(): number {
    return super.wallMs() + Number(life) * 3_600_000;
  }
}

const options = resolveOptions({
  apiKey: 'key',
  baseURL,
  pacing: false,
  circuit: false,
  features: { chat: { models: ['claude-sonnet-5-5'] } },
  queue: { path, pollMs: 50, deadlineMs: 1e12, keepMs: 1e12 },
});
if (options.queue === false) throw new Error('There is a queue');
const clock = new LateClock();
const random = new SystemRandom();
const runtime = new ClaudeRuntime(options, clock, random, options.wording);
const messages = new ClaudeMessages(runtime, clientsOf(options.anthropic), new MemoryReviewList(clock, random));
const handlers = new DeferredHandlers();
handlers.set('chat', (_message, { data, signal }) => {
  say('handling', String(data));
  moment('handling');
  signal.throwIfAborted();
  return { of: data };
});
const store = new TellingStore({ path });
const room = new DeferralRoom(runtime);
room.open(store, new DeferredWorker(runtime, messages, handlers), options.queue.rules);
say('open');

// What the dead were asked for is asked for again: by their keys it is the same.
for (let n = 0; n < Number(count); n++) {
  const key = `${life}-${n}`;
  const params = { max_tokens: 16, messages: [{ role: 'user' as const, content: `Question ${key}.` }] };
  const priority = (['urgent', 'normal', 'background'] as const)[n % 3] ?? 'normal';
  say('asked', key);
  await messages.defer(params, { feature: 'chat', priority, defer: { idempotencyKey: key, data: key } });
}
// It ends by its own hand; the last life has none to fear, and ends when everything has.
for (;;) {
  const [waiting, running] = await Promise.all([store.count('waiting'), store.count('running')]);
  if (where === 'never' && waiting.total + running.total === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await room.stopWork();
await room.close();
say('closed');
