import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

export interface StartUp {
  /** Milliseconds from before the module's files were read to an application that is ready. */
  readonly ms: number;
  /** Bytes of heap, after a collection. */
  readonly heapBytes: number;
  /** Bytes of memory that the process has, after a collection. */
  readonly residentBytes: number;
}

/** Starts a Nest application, with the module in it or with nothing. The package of the SDK is read in both. */
export default async function startUp(isOurs: boolean): Promise<StartUp> {
  await import('@anthropic-ai/sdk');
  const startedAtMs = performance.now();
  class StartedModule {}
  Module({ imports: isOurs ? [await moduleOfOurs()] : [] })(StartedModule);
  await NestFactory.createApplicationContext(StartedModule, { logger: ['error'] });
  const ms = performance.now() - startedAtMs;
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { ms, heapBytes: heapUsed, residentBytes: rss };
}

async function moduleOfOurs() {
  const { ClaudeResilienceModule } = await import('nestjs-claude-resilience');
  return ClaudeResilienceModule.forRoot({ apiKey: 'none', logging: false });
}
