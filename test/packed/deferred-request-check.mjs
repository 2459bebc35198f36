import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** Twice, since the second process finds what the first has left; nothing but the required peers is installed. */
const SCRIPT = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ClaudeResilienceModule, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ClaudeSimulator } from 'claude-api-simulator';

const simulator = await ClaudeSimulator.start();
const open = () =>
  NestFactory.createApplicationContext(
    ClaudeResilienceModule.forRoot({ apiKey: 'any', baseURL: simulator.url, queue: { path: 'data/queue.db' } }),
    { logger: ['error'], abortOnError: false },
  );
const first = await open();
const { requestId } = await first.get(ClaudeResilienceService).defer({
  model: 'claude-sonnet-5-5',
  max_tokens: 16,
  messages: [{ role: 'user', content: 'A word, please.' }],
});
const seen = [];
for await (const { request } of first.get(ClaudeResilienceService).requests.watch(requestId)) seen.push(request.status);
await first.close();
const second = await open();
const { result } = await second.get(ClaudeResilienceService).requests.get(requestId);
await second.close();
await simulator.stop();
console.log(JSON.stringify({ last: seen.at(-1), result }));
`;

/** The queue as an application has it that installed the tarballs: Node's own SQLite, and no further package. */
export async function checkDeferredRequest(checks, name, folder) {
  await checks.check(`${name}: a deferred request is answered, and its result is there after a restart`, async () => {
    writeFileSync(join(folder, 'deferred.mjs'), SCRIPT);
    const output = await runCommand(process.execPath, ['--no-warnings', 'deferred.mjs'], folder);
    const { last, result } = JSON.parse(output.trim().split('\n').at(-1));
    assert.equal(last, 'succeeded');
    assert.equal(typeof result.text, 'string');
  });
}
