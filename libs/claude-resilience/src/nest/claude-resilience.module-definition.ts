import { ConfigurableModuleBuilder } from '@nestjs/common';
import { healthControllers, type ClaudeHealthRoute } from '../http/claude-health.controller.js';
import type { ClaudeResilienceOptions } from './claude-resilience.options.js';

/** What decides the shape of the module, so it cannot come from an async factory. */
export interface ClaudeResilienceExtras {
  /** Whether other modules can inject without importing it. @default true */
  readonly isGlobal?: boolean;
  /** The health route. @default true: `GET /health/claude` */
  readonly health?: ClaudeHealthRoute;
}

/** `RAW_OPTIONS` is what the user wrote, unchecked: everybody but the resolver injects `CLAUDE_OPTIONS`. */
export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: RAW_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<ClaudeResilienceOptions>({ moduleName: 'ClaudeResilience' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createClaudeResilienceOptions')
  .setExtras<ClaudeResilienceExtras>({ isGlobal: true, health: true }, (definition, { isGlobal, health }) => ({
    ...definition,
    global: isGlobal ?? true,
    controllers: healthControllers(health),
  }))
  .build();
