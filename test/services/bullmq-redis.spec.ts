import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BullmqRequestStore } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.js';
import { describeRequestStore } from '../../libs/claude-resilience/src/testing/request-store.conformance.js';
import { RedisServer } from './support/redis-server.js';

const server = await RedisServer.start('--appendfsync', 'no');
afterAll(() => server?.stop());

(server === undefined ? describe.skip : describe)('BullmqRequestStore on Redis', () => {
  let stores = 0;
  describeRequestStore({ describe, it, beforeEach, afterEach, expect }, 'BullmqRequestStore', (limits) =>
    BullmqRequestStore.open({ connection: { url: server?.url ?? '' }, prefix: `t${++stores}`, ...limits }),
  );
});
