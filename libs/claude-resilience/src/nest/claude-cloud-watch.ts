import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { EmfWriter } from '../cloudwatch/emf-writer.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import type { ResolvedModuleOptions } from './claude-resilience.options.js';
import { CLAUDE_OPTIONS } from './claude-resilience.tokens.js';

/** Writes metrics for CloudWatch (R35), with `cloudWatch` among the options. */
@Injectable()
export class ClaudeCloudWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  #writer: EmfWriter | undefined;

  constructor(
    @Inject(CLAUDE_OPTIONS) private readonly options: ResolvedModuleOptions,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
  ) {}

  onApplicationBootstrap(): void {
    const { cloudWatch } = this.options;
    if (cloudWatch === undefined) return;
    this.#writer = new EmfWriter(this.runtime.metrics, this.runtime.clock, cloudWatch);
    this.#writer.start();
  }

  onApplicationShutdown(): void {
    this.#writer?.stop();
    this.#writer = undefined;
  }
}
