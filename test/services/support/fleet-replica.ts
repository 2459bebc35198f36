/**
 * One replica as a process: the real runtime and SDK, without Nest, that asks so many times a second, until it is killed.
 * `node fleet-replica.mjs REDIS_URL PREFIX API_URL PER_SECOND`. It says what it counts every 200 ms, one line of JSON each.
 */
import { clientsOf } from '../../../libs/claude-resilience/src/anthropic/anthropic.options.js';
import { MemoryReviewList } from '../../../libs/claude-resilience/src/core/fallback/memory-review-list.js';
import { FleetLoop } from '../../../libs/claude-resilience/src/core/fleet/fleet-loop.js';
import { ClaudeMessages } from '../../../libs/claude-resilience/src/nest/claude-messages.js';
import { resolveOptions } from '../../../libs/claude-resilience/src/nest/claude-resilience.options.js';
import { RedisFleet } from '../../../libs/claude-resilience/src/redis/redis-fleet.js';
import { ClaudeRuntime } from '../../../libs/claude-resilience/src/runtime/claude-runtime.js';
import { SharedPacing } from '../../../libs/claude-resilience/src/runtime/fleet/shared-pacing.js';
import { SystemClock } from '../../../libs/claude-resilience/src/system/system-clock.js';
import { SystemRandom } from '../../../libs/claude-resilience/src/system/system-random.js';
import type { ReplicaCounts } from './fleet-processes.js';

const [redisUrl = '', prefix = '', baseURL = '', perSecond = ''] = process.argv.slice(2);
const TELL_EVERY_MS = 200;

const options = resolveOptions({
  apiKey: 'key',
  baseURL,
  deadlineMs: 20_000,
  queue: false,
  features: { chat: { models: ['claude-sonnet-5-5'] } },
});
const clock = new SystemClock();
const random = new SystemRandom();
const runtime = new ClaudeRuntime(options, clock, random, options.wording);
const messages = new ClaudeMessages(runtime, clientsOf(options.anthropic), new MemoryReviewList(clock, random));
const fleet = await RedisFleet.open({ connection: { url: redisUrl }, prefix });
const { pacer } = runtime;
if (pacer === undefined) throw new Error('There is pacing');
let trouble = 0;
const loop = new FleetLoop({
  fleet,
  replica: random.id(),
  participants: [new SharedPacing(pacer)],
  clock,
  tell: ({ type }) => (trouble += type === 'fleet.trouble' ? 1 : 0),
});
await loop.start();

const counts = { answered: 0, waited: 0, failed: {} as Record<string, number>, attempts: 0 };
runtime.events.subscribe((event) => {
  if (event.type === 'call.completed') counts.attempts += event.attempts;
});

async function ask(): Promise<void> {
  try {
    await messages.create({ max_tokens: 8, messages: [{ role: 'user', content: 'Say yes.' }] }, { feature: 'chat' });
    counts.answered++;
  } catch (error) {
    const { code = 'none' } = error as { code?: string };
    // More is asked than the limit allows: some are told so, which is what pacing is for.
    if (code === 'CLAUDE_RATE_LIMITED') counts.waited++;
    else counts.failed[code] = (counts.failed[code] ?? 0) + 1;
  }
}

const startMs = performance.now();
let asked = 0;
setInterval(() => {
  const due = ((performance.now() - startMs) / 1000) * Number(perSecond);
  for (; asked < due; asked++) void ask();
}, 10);
setInterval(() => {
  const told: ReplicaCounts = { replicas: loop.replicas ?? 0, asked, trouble, ...counts };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}, TELL_EVERY_MS);
