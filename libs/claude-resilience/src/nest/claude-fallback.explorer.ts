import { Inject, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { ClaudeInvalidDecorationError } from '../core/errors.js';
import type { ClaudeFallbackHandler } from '../core/fallback/fallback.port.js';
import { FALLBACK_OF, readMarkedMethods } from './claude-fallback.metadata.js';
import type { ClaudeMethodRunner } from './claude-method-runner.js';
import { CLAUDE_METHOD_RUNNER } from './claude-resilience.tokens.js';
import { ClaudeRuntime } from './claude-runtime.js';
import { ClassificationFallback } from './fallbacks/classification.fallback.js';
import { GenerationFallback } from './fallbacks/generation.fallback.js';
import { SummarisationFallback } from './fallbacks/summarisation.fallback.js';

type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];

const BUILT_IN: Readonly<Record<string, Type<ClaudeFallbackHandler>>> = {
  summarisation: SummarisationFallback,
  classification: ClassificationFallback,
  generation: GenerationFallback,
};

/** At bootstrap: finds the fallbacks, checks every decorator of this module, and refuses what cannot work. */
@Injectable()
export class ClaudeFallbackExplorer implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(CLAUDE_METHOD_RUNNER) private readonly runner: ClaudeMethodRunner,
  ) {}

  /** @throws {ClaudeInvalidDecorationError} with one line for each problem */
  async onModuleInit(): Promise<void> {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    const issues = [
      ...wrappers.flatMap((wrapper) => this.#checkMethods(wrapper)),
      ...(await this.#setFallbacks(wrappers)),
    ];
    if (issues.length > 0) throw new ClaudeInvalidDecorationError([...new Set(issues)]);
  }

  #checkMethods(wrapper: InstanceWrapper): string[] {
    const owner = classOf(wrapper);
    const marked = owner === undefined ? [] : readMarkedMethods(owner);
    if (owner === undefined || marked.length === 0) return [];
    const issues = marked.flatMap(({ method, feature, problem }) => {
      const at = `@ClaudeFallback("${feature}") on ${owner.name}.${method}`;
      return [
        ...(problem === undefined ? [] : [`${at}: ${problem}`]),
        ...(this.runtime.features.has(feature) ? [] : [`${at}: ${this.#unknown(feature)}`]),
      ];
    });
    return this.#give(wrapper)
      ? issues
      : [...issues, `${owner.name}: its instance is frozen and cannot be given the runner`];
  }

  /** Nest injects what it makes; what a factory made, or a value, gets the runner here. */
  #give({ instance, metatype, inject }: InstanceWrapper): boolean {
    const isForeign = typeof instance === 'object' && instance !== null && (inject !== undefined || metatype === null);
    return !isForeign || Reflect.set(instance as object, CLAUDE_METHOD_RUNNER, this.runner);
  }

  async #setFallbacks(wrappers: readonly InstanceWrapper[]): Promise<string[]> {
    const { features, fallbacks } = this.runtime;
    const found = new Map<string, InstanceWrapper>();
    const issues: string[] = [];
    for (const wrapper of wrappers) {
      const owner = classOf(wrapper);
      const feature = owner && (Reflect.getOwnMetadata(FALLBACK_OF, owner) as string | undefined);
      if (owner === undefined || feature === undefined) continue;
      const at = `@ClaudeFallbackProvider("${feature}") on ${owner.name}`;
      const other = found.get(feature);
      const otherOwner = other && classOf(other);
      if (!features.has(feature)) issues.push(`${at}: ${this.#unknown(feature)}`);
      else if (typeof owner.prototype.answer !== 'function')
        issues.push(`${at}: the class has no method "answer"; extend ClaudeFallbackHandler`);
      else if (!wrapper.isDependencyTreeStatic())
        issues.push(`${at}: it is request-scoped; a fallback is one instance for all requests`);
      else if (otherOwner !== undefined && otherOwner !== owner)
        issues.push(`${at}: ${otherOwner.name} is the fallback of this feature already; keep one`);
      else found.set(feature, wrapper);
    }
    for (const name of features.names()) {
      const configured = features.get(name).fallback;
      const provider = found.get(name);
      if (configured === false) continue;
      if (configured !== undefined && provider !== undefined && classOf(provider) !== configured) {
        issues.push(
          `features.${name}.fallback is ${configured.name}, but ${classOf(provider)?.name} is marked as the fallback of this feature; keep one`,
        );
      }
      const handler =
        (provider?.instance as ClaudeFallbackHandler | undefined) ?? (await this.#make(configured ?? BUILT_IN[name]));
      if (handler !== undefined) fallbacks.set(name, handler);
    }
    return issues;
  }

  /** A class that is no provider anywhere is made here, with what its constructor asks for. */
  async #make(type: unknown): Promise<ClaudeFallbackHandler | undefined> {
    if (type === undefined) return undefined;
    const fallback = type as Type<ClaudeFallbackHandler>;
    try {
      return this.moduleRef.get(fallback, { strict: false });
    } catch {
      return this.moduleRef.create(fallback);
    }
  }

  #unknown(feature: string): string {
    return `unknown feature "${feature}"; declare it in forRoot({ features }) or forFeature; known: ${this.runtime.features.names().join(', ')}`;
  }
}

/** The class of what a provider holds: that of the instance, else the one Nest will make it from. */
function classOf({ instance, metatype, inject }: InstanceWrapper): Type<{ answer?: unknown }> | undefined {
  const made = (instance as { constructor?: unknown } | null | undefined)?.constructor;
  const owner = inject === undefined && typeof metatype === 'function' ? metatype : made;
  return typeof owner === 'function' && owner !== Object ? (owner as Type<{ answer?: unknown }>) : undefined;
}
