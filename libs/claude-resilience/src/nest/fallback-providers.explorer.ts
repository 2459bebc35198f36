import { Inject, Injectable, Scope, type Type } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import type { ClaudeFallbackHandler } from '../core/fallback/fallback.port.js';
import type { FallbackClass } from '../core/options.js';
import { FALLBACK_OF } from './claude-fallback.metadata.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { discoveredClass, isSingleton, type InstanceWrapper } from './discovered-class.js';
import { ClassificationFallback } from './fallbacks/classification.fallback.js';
import { GenerationFallback } from './fallbacks/generation.fallback.js';
import { SummarisationFallback } from './fallbacks/summarisation.fallback.js';

/** Where `@Injectable` keeps its scope. */
const SCOPE_OPTIONS_METADATA = 'scope:options';

const BUILT_IN: Readonly<Record<string, FallbackClass>> = {
  summarisation: SummarisationFallback,
  classification: ClassificationFallback,
  generation: GenerationFallback,
};

interface MarkedProvider {
  readonly owner: Type<unknown>;
  readonly handler: ClaudeFallbackHandler;
}

/** Finds the fallback of every feature: the provider marked for it, the class in its options, or the built-in one. */
@Injectable()
export class FallbackProvidersExplorer {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
  ) {}

  /** Sets all of them. @returns one line for each that cannot be one */
  async explore(): Promise<string[]> {
    const { features, fallbacks } = this.runtime;
    const { marked, issues } = this.#findMarked();
    for (const name of features.names()) {
      const { fallback: configured } = features.get(name);
      if (configured === false) continue;
      const provider = marked.get(name);
      if (configured !== undefined && provider !== undefined && provider.owner !== configured) {
        issues.push(
          `features.${name}.fallback is ${configured.name}, but ${provider.owner.name} is marked as the fallback of this feature; keep one`,
        );
      }
      const problem = configured && this.#problemOfClass(configured);
      if (problem !== undefined) issues.push(`features.${name}.fallback is ${configured?.name}: ${problem}`);
      if (issues.length > 0) continue;
      const handler = provider?.handler ?? (await this.#make(configured ?? BUILT_IN[name]));
      if (handler !== undefined) fallbacks.set(name, handler);
    }
    return issues;
  }

  #findMarked(): { readonly marked: ReadonlyMap<string, MarkedProvider>; readonly issues: string[] } {
    const marked = new Map<string, MarkedProvider>();
    const issues: string[] = [];
    for (const wrapper of this.discovery.getProviders()) {
      const owner = discoveredClass(wrapper);
      const feature = owner && (Reflect.getOwnMetadata(FALLBACK_OF, owner) as string | undefined);
      if (owner === undefined || feature === undefined) continue;
      const problem = this.#problemOf(wrapper, feature) ?? duplicateOf(marked.get(feature)?.owner, owner);
      if (problem !== undefined) issues.push(`@ClaudeFallbackProvider("${feature}") on ${owner.name}: ${problem}`);
      else marked.set(feature, { owner, handler: wrapper.instance as ClaudeFallbackHandler });
    }
    return { marked, issues };
  }

  #problemOf(wrapper: InstanceWrapper, feature: string): string | undefined {
    const unknown = this.runtime.features.whyUnknown(feature);
    if (unknown !== undefined) return unknown;
    if (!isSingleton(wrapper)) return 'it is not a singleton; a fallback is one instance for all requests';
    const { answer } = wrapper.instance as Partial<ClaudeFallbackHandler>;
    return typeof answer === 'function' ? undefined : 'the class has no method "answer"; extend ClaudeFallbackHandler';
  }

  #problemOfClass(fallback: FallbackClass): string | undefined {
    const provided = this.#provided(fallback);
    const { scope } = (Reflect.getMetadata(SCOPE_OPTIONS_METADATA, fallback) ?? {}) as { scope?: Scope };
    const isShared = provided === undefined ? (scope ?? Scope.DEFAULT) === Scope.DEFAULT : isSingleton(provided);
    return isShared ? undefined : 'it is not a singleton; a fallback is one instance for all requests';
  }

  #provided(fallback: FallbackClass): InstanceWrapper | undefined {
    return this.discovery.getProviders().find(({ token }) => token === fallback);
  }

  /** A class that is no provider anywhere is made here, with what its constructor asks for. */
  async #make(fallback: FallbackClass | undefined): Promise<ClaudeFallbackHandler | undefined> {
    if (fallback === undefined) return undefined;
    const instance = this.#provided(fallback)?.instance as ClaudeFallbackHandler | undefined;
    return instance ?? this.moduleRef.create(fallback as unknown as Type<ClaudeFallbackHandler>);
  }
}

function duplicateOf(other: Type<unknown> | undefined, owner: Type<unknown>): string | undefined {
  if (other === undefined || other === owner) return undefined; // the same class in two modules is no conflict
  return `${other.name} is the fallback of this feature already; keep one`;
}
