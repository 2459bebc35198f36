import Anthropic from '@anthropic-ai/sdk';
import { inChild } from '../harness/in-child.js';
import { shuffled } from '../harness/shuffled.js';
import type { Effort } from '../harness/effort.js';
import type { Scenario } from '../harness/scenario.js';
import type { Section } from '../harness/section.js';
import { spreadOf, type Spread } from '../harness/spread.js';
import { PARAMS } from '../subjects/answer.js';
import { FEATURES, openOurApp } from '../subjects/our-app.js';

interface Way {
  readonly name: string;
  /** One request, to the end of its answer. */
  readonly ask: () => Promise<unknown>;
}

/** Of one round. */
interface Cost {
  readonly cpuUs: number;
  readonly perSecond: number;
}

const [BARE, OURS] = ['SDK', 'SDK, through our service'];
/** A request takes about 0.3 ms of processor time. */
const REQUESTS_PER_MS = 3;

export const sdk: Scenario = {
  name: 'sdk',
  async measure(effort) {
    const server = await inChild<number>('messages-server', null);
    const client = new Anthropic({ apiKey: 'none', baseURL: `http://127.0.0.1:${server.result}`, maxRetries: 0 });
    const { service, close } = await openOurApp(FEATURES, client);
    const whole: readonly Way[] = [
      { name: BARE, ask: () => client.messages.create(PARAMS) },
      { name: OURS, ask: () => service.messages.create(PARAMS, { feature: 'plain' }) },
    ];
    const streamed: readonly Way[] = [
      { name: BARE, ask: async () => read(await client.messages.create({ ...PARAMS, stream: true })) },
      { name: OURS, ask: () => read(service.messages.stream(PARAMS, { feature: 'plain' })) },
    ];
    const sections = [
      await compared('Whole messages, 16 at a time', whole, 16, effort, true),
      await compared('Whole messages, 64 at a time', whole, 64, effort, true),
      await compared('Streams of 200 pieces in one burst, 16 at a time', streamed, 16, effort, false),
    ];
    await close();
    await server.close();
    return sections;
  },
};

async function compared(
  title: string,
  ways: readonly Way[],
  concurrency: number,
  effort: Effort,
  isGoal: boolean,
): Promise<Section> {
  const requests = Math.ceil((effort.turnMs * 10 * REQUESTS_PER_MS) / concurrency) * concurrency;
  for (const { ask } of ways) await round(ask, requests * 2, concurrency);
  const costs = new Map<string, Cost[]>(ways.map(({ name }) => [name, []]));
  for (let n = 0; n < effort.rounds; n++) {
    for (const { name, ask } of shuffled(ways)) costs.get(name)?.push(await round(ask, requests, concurrency));
  }
  const of = (name: string, count: keyof Cost) => (costs.get(name) ?? []).map((cost) => cost[count]);
  const ratio = (count: keyof Cost): Spread =>
    spreadOf(of(OURS, count).map((value, n) => value / (of(BARE, count)[n] ?? Number.NaN)));
  const [cpu, throughput] = [ratio('cpuUs'), ratio('perSecond')];
  return {
    title: `The SDK's own calls: ${title.toLowerCase()}`,
    text:
      'The real SDK against a server on this machine, in a process of its own, that answers at once with the headers of ' +
      'limits. Processor time is that of the client, user and system.',
    unit: 'us of processor time a call',
    reference: BARE,
    rows: [
      { name: BARE, figure: spreadOf(of(BARE, 'cpuUs')), ratio: spreadOf([1]) },
      { name: OURS, figure: spreadOf(of(OURS, 'cpuUs')), ratio: cpu },
      { name: 'calls a second, ours / SDK', figure: throughput },
    ],
    goals: isGoal
      ? [
          {
            what: `real SDK call, ${concurrency} at a time: processor time, wrapped / bare`,
            bound: 'at most',
            limits: [1.02],
            value: cpu,
          },
          {
            what: `real SDK call, ${concurrency} at a time: throughput, wrapped / bare`,
            bound: 'at least',
            limits: [0.98],
            value: throughput,
          },
        ]
      : [],
  };
}

async function round(ask: Way['ask'], requests: number, concurrency: number): Promise<Cost> {
  let left = requests;
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) await ask();
    }),
  );
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedAtMs) / 1000;
  return { cpuUs: (user + system) / requests, perSecond: requests / seconds };
}

async function read(stream: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const event of stream) if (event !== undefined) count++;
  return count;
}
