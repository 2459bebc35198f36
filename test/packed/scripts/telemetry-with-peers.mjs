/** In an app that has prom-client and OpenTelemetry: what they are told of one call. One line of JSON. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { ClaudeSimulator } from 'claude-api-simulator';
import { ClaudeMetrics, ClaudeResilienceModule, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { Gauge, Registry } from 'prom-client';

const TOKEN = 'a-token-of-24-characters';
const QUIET = { logger: false, abortOnError: false };
const simulator = await ClaudeSimulator.start();
const options = { apiKey: 'any', baseURL: simulator.url, operator: { token: TOKEN } };
const said = {};

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
const lines = [];
const app = await NestFactory.create(
  ClaudeResilienceModule.forRoot({
    ...options,
    openTelemetry: true,
    cloudWatch: { write: (line) => lines.push(line) },
  }),
  QUIET,
);
await app.listen(0, '127.0.0.1');
const registry = new Registry();
new Gauge({ name: 'app_own', help: 'Its own.', registers: [registry] }).set(1);
app.get(ClaudeMetrics).registerIn(registry);
await app.get(ClaudeResilienceService).messages.create({
  model: 'claude-sonnet-5-5',
  max_tokens: 16,
  messages: [{ role: 'user', content: 'A word, please.' }],
});
const response = await fetch(`${await app.getUrl()}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
said.route = { status: response.status, served: servedIn(await response.text()) };
const together = await registry.metrics();
said.registry = { own: together.includes('app_own 1'), served: servedIn(together) };
await reader.forceFlush();
const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
said.names = found.map(({ descriptor }) => descriptor.name).sort();
await app.close();
said.requests = lines.map((line) => JSON.parse(line).RequestsOk);

await simulator.stop();
console.log(JSON.stringify(said));

function servedIn(text) {
  return Number(/^claude_requests_total\{[^}]*outcome="ok"\} (\d+)$/m.exec(text)?.[1]);
}
