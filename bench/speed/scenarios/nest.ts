import type { Effort } from '../harness/effort.js';
import { HttpLoad } from '../harness/http-load.js';
import { inChild, type Child } from '../harness/in-child.js';
import { Readings } from '../harness/readings.js';
import type { Scenario } from '../harness/scenario.js';
import type { Section } from '../harness/section.js';
import { shuffled } from '../harness/shuffled.js';
import type { NestServerWish } from '../jobs/nest-server.js';

const CONNECTIONS = 64;
/** Turns are so many times as long as those of a call in memory: a request takes its time. */
const TURNS = 20;
const WARM_UP_TURNS = 4;
const [BARE, OURS] = ['without the module', 'with the module'];

export const nest: Scenario = {
  name: 'nest',
  measure: async (effort) => [await compared('express', effort), await compared('fastify', effort)],
};

interface Served {
  readonly name: string;
  readonly server: Child<number>;
  readonly load: HttpLoad;
}

async function compared(platform: NestServerWish['platform'], effort: Effort): Promise<Section> {
  const servers = [await opened(BARE, { platform, isOurs: false }), await opened(OURS, { platform, isOurs: true })];
  const [perSecond, cpuUs] = [new Readings(), new Readings()];
  const turnMs = effort.turnMs * TURNS;
  for (const { load } of servers) await load.run(turnMs * WARM_UP_TURNS);
  for (let round = 0; round < effort.rounds; round++) {
    for (const { name, server, load } of shuffled(servers)) {
      const beforeUs = await server.cpuUs();
      const { answers, ms } = await load.run(turnMs);
      perSecond.add(name, (answers / ms) * 1000);
      cpuUs.add(name, ((await server.cpuUs()) - beforeUs) / answers);
    }
  }
  for (const { server, load } of servers) {
    load.close();
    await server.close();
  }
  return {
    title: `A route of Nest on ${platform === 'express' ? 'Express' : 'Fastify'}`,
    text:
      `A handler that makes one call: through the service of the module, or of the client itself, which is a stub that ` +
      `answers at once. ${CONNECTIONS} connections, each with one request at a time, from another process.`,
    unit: 'requests a second',
    reference: BARE,
    rows: [
      { name: BARE, figure: perSecond.of(BARE), ratio: perSecond.ratio(BARE, BARE) },
      { name: OURS, figure: perSecond.of(OURS), ratio: perSecond.ratio(OURS, BARE) },
      { name: 'us of its processor time a request, without', figure: cpuUs.of(BARE) },
      { name: 'us of its processor time a request, with', figure: cpuUs.of(OURS), ratio: cpuUs.ratio(OURS, BARE) },
    ],
    goals: [
      {
        what: `requests a second of Nest on ${platform}, with the module / without`,
        bound: 'at least',
        limits: [0.97],
        value: perSecond.ratio(OURS, BARE),
      },
    ],
  };
}

async function opened(name: string, wish: NestServerWish): Promise<Served> {
  const server = await inChild<number>('nest-server', wish);
  return { name, server, load: await HttpLoad.open(server.result, CONNECTIONS) };
}
