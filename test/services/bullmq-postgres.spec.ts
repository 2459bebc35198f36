import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BullmqRequestStore } from '../../libs/claude-resilience/src/bullmq/bullmq-request-store.js';
import { describeRequestStore } from '../../libs/claude-resilience/src/testing/request-store.conformance.js';
import { PostgresServer } from './support/postgres-server.js';

const server = await PostgresServer.start();
afterAll(() => server?.stop());
const url = server?.newDatabase() ?? '';

(server === undefined ? describe.skip : describe)('BullmqRequestStore on PostgreSQL', () => {
  let stores = 0;
  describeRequestStore({ describe, it, beforeEach, afterEach, expect }, 'BullmqRequestStore', (limits) =>
    BullmqRequestStore.open({ connection: { postgres: url }, prefix: `t${++stores}`, ...limits }),
  );
});
