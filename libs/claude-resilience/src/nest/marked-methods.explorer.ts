import { Inject, Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { readMarkedMethods, type MarkedMethod } from './claude-fallback.metadata.js';
import type { ClaudeMethodRunner } from './claude-method-runner.js';
import { CLAUDE_METHOD_RUNNER } from './claude-resilience.tokens.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { handlerProblems } from './handler-problems.js';
import { discoveredClass, type InstanceWrapper } from './discovered-class.js';

/** Finds every `@ClaudeFallback`, on handlers and on methods of any provider. */
@Injectable()
export class MarkedMethodsExplorer {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(CLAUDE_METHOD_RUNNER) private readonly runner: ClaudeMethodRunner,
  ) {}

  /** Makes all of them work. @returns one line for each that cannot */
  explore(): string[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    return wrappers.flatMap((wrapper) => {
      const owner = discoveredClass(wrapper);
      const marked = owner === undefined ? [] : readMarkedMethods(owner);
      if (owner === undefined || marked.length === 0) return [];
      const issues = marked.flatMap((method) => this.#check(owner, method));
      return this.#give(wrapper)
        ? issues
        : [...issues, `${owner.name}: its instance is frozen and cannot be given the runner`];
    });
  }

  #check(owner: Type<unknown>, { method, feature, problem }: MarkedMethod): string[] {
    const unknown = this.runtime.features.whyUnknown(feature);
    return [problem, unknown, ...handlerProblems(owner, method)]
      .filter((issue) => issue !== undefined)
      .map((issue) => `@ClaudeFallback("${feature}") on ${owner.name}.${method}: ${issue}`);
  }

  /** Nest injects the runner into what it makes; what a factory made, or a value, gets it here. */
  #give({ instance, metatype, inject }: InstanceWrapper): boolean {
    const isForeign = typeof instance === 'object' && instance !== null && (inject !== undefined || metatype === null);
    return !isForeign || Reflect.set(instance as object, CLAUDE_METHOD_RUNNER, this.runner);
  }
}
