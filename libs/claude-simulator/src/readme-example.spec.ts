import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import { expect, it } from '@jest/globals';
import { ClaudeSimulator, FAULT_PROFILES } from 'claude-api-simulator';

it('survives one overload', async () => {
  const overload = { fault: 'overloaded', count: 1, headers: { 'retry-after-ms': '1' } } as const;
  const simulator = await ClaudeSimulator.start({ scenario: [overload] });
  const client = new Anthropic({ baseURL: simulator.url, apiKey: 'any', maxRetries: 1 });

  const messages = [{ role: 'user' as const, content: 'Summarise: Bees dance. They point to flowers.' }];
  const message = await client.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 100, messages });

  expect(message.content).toMatchObject([{ text: 'Bees dance. They point to flowers.' }]);
  expect(simulator.requests.list()).toMatchObject([{ status: 529 }, { status: 200 }]);
  await simulator.stop();
});

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('is the example of the README', () => {
  const example = /```ts\n(import Anthropic[^]*?)```/.exec(readme)?.[1] ?? 'none';
  const own = readFileSync(new URL(import.meta.url), 'utf8');
  for (const line of example.split('\n').filter((text) => text.startsWith('  '))) expect(own).toContain(line);
});

it.each(Object.keys(FAULT_PROFILES))('the README explains %s', (fault) => {
  expect(readme).toContain(`\`${fault}\``);
});
