import 'reflect-metadata';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClaudeFallbackProvider,
  ClaudeResilienceModule,
  ClaudeResilienceService,
  type AnthropicClient,
  type FeatureOptions,
} from 'nestjs-claude-resilience';
import { ANSWER } from './answer.js';

/** An application with the module in it. */
export interface OurApp {
  readonly app: INestApplicationContext;
  readonly service: ClaudeResilienceService;
  close(): Promise<void>;
}

/** Answers at once: what is left is what the module costs. */
export const STUB_CLIENT = { messages: { create: async () => ANSWER } } as unknown as AnthropicClient;

/** An hour: nothing that a bench waits for. */
const HOUR_MS = 3_600_000;
const NO_RETRIES = { maxRetries: 0 };

/** Nothing of these is cheaper than the default; they end in the way that is to be measured, and stay there. */
export const FEATURES = {
  plain: {},
  failing: {
    retry: { connection: NO_RETRIES },
    circuit: { failureThreshold: 1_000_000_000, outageFailures: false },
  },
  paused: {
    retry: { connection: NO_RETRIES },
    circuit: { failureThreshold: 1, failureRatio: 0, cooldownMs: HOUR_MS, maxCooldownMs: HOUR_MS },
  },
  replaced: {
    retry: { connection: NO_RETRIES },
    circuit: { failureThreshold: 1, failureRatio: 0, cooldownMs: HOUR_MS, maxCooldownMs: HOUR_MS },
  },
} as const satisfies Readonly<Record<string, FeatureOptions>>;

/** Everything is on, as it is by default: diagnosis, retries, circuit, pacing, deadline, metrics, tokens, cost, advice. */
export async function openOurApp(
  features: Readonly<Record<string, FeatureOptions>> = FEATURES,
  client: AnthropicClient = STUB_CLIENT,
): Promise<OurApp> {
  class Replacement {
    answer(): string {
      return 'later';
    }
  }
  ClaudeFallbackProvider('replaced')(Replacement);
  class BenchModule {}
  const replacements = 'replaced' in features ? [Replacement] : [];
  Module({
    // Lines that nobody reads would measure a terminal.
    imports: [ClaudeResilienceModule.forRoot({ client, features, logging: false })],
    providers: replacements,
  })(BenchModule);
  const app = await NestFactory.createApplicationContext(BenchModule, { logger: ['error'] });
  return { app, service: app.get(ClaudeResilienceService), close: () => app.close() };
}
