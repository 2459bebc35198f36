/** In an app that has only the required peers: what works all the same, and what says which package it wants. One line of JSON. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ClaudeSimulator } from 'claude-api-simulator';
import { ClaudeMetrics, ClaudeResilienceModule, ClaudeResilienceService } from 'nestjs-claude-resilience';

const TOKEN = 'a-token-of-24-characters';
const QUIET = { logger: false, abortOnError: false };
const simulator = await ClaudeSimulator.start();
const options = { apiKey: 'any', baseURL: simulator.url, operator: { token: TOKEN } };
const said = {};

const lines = [];
const app = await NestFactory.create(
  ClaudeResilienceModule.forRoot({ ...options, cloudWatch: { write: (line) => lines.push(line) } }),
  QUIET,
);
await app.listen(0, '127.0.0.1');
await app.get(ClaudeResilienceService).messages.create({
  model: 'claude-sonnet-5-5',
  max_tokens: 16,
  messages: [{ role: 'user', content: 'A word, please.' }],
});
const response = await fetch(`${await app.getUrl()}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
said.route = { status: response.status, code: (await response.json()).code };
said.text = await wants(() => app.get(ClaudeMetrics).prometheusText());
said.figures = app.get(ClaudeMetrics).figures().ok;
await app.close();
said.requests = lines.map((line) => JSON.parse(line).RequestsOk);

said.openTelemetry = await wants(() =>
  NestFactory.createApplicationContext(ClaudeResilienceModule.forRoot({ ...options, openTelemetry: true }), QUIET),
);
await simulator.stop();
console.log(JSON.stringify(said));

async function wants(step) {
  try {
    await step();
    return 'nothing';
  } catch ({ code, issues }) {
    return { code, issues };
  }
}
