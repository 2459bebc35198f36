/** An app that set OpenTelemetry up with an older API than the module finds, or the same: how often the log says so. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import * as same from '@opentelemetry/api';
import { ClaudeResilienceModule } from 'nestjs-claude-resilience';
import * as older from 'older-opentelemetry-api';

const { metrics } = process.argv[2] === 'older' ? older : same;
metrics.setGlobalMeterProvider({ getMeter: () => undefined });

let times = 0;
const nothing = () => {};
const logger = {
  log: nothing,
  error: nothing,
  debug: nothing,
  verbose: nothing,
  warn: (line) => (times += JSON.stringify(line).includes('telemetry.unheard') ? 1 : 0),
};
const options = { apiKey: 'any', openTelemetry: true };
const app = await NestFactory.createApplicationContext(ClaudeResilienceModule.forRoot(options), { logger });
await app.close();
console.log(JSON.stringify(times));
