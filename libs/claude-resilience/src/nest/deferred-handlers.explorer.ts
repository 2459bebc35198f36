import { Inject, Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { readDeferredHandlers, type DeferredHandlerMark } from './claude-deferred-handler.decorator.js';
import { DeferredHandlers, type DeferredHandler } from './deferred-handlers.js';
import { discoveredClass, isSingleton, type InstanceWrapper } from './discovered-class.js';

/** Finds every `@ClaudeDeferredHandler`. */
@Injectable()
export class DeferredHandlersExplorer {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(DeferredHandlers) private readonly handlers: DeferredHandlers,
  ) {}

  /** Sets all of them. @returns one line for each that cannot work */
  explore(): string[] {
    const found = new Map<string, string>();
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    return wrappers.flatMap((wrapper) => {
      const owner = discoveredClass(wrapper);
      if (owner === undefined) return [];
      return readDeferredHandlers(owner).flatMap((mark) => {
        const place = `${owner.name}.${mark.method}`;
        const problem = this.#problemOf(wrapper, owner, mark) ?? duplicateOf(found.get(mark.feature), place);
        if (problem !== undefined) return [`@ClaudeDeferredHandler("${mark.feature}") on ${place}: ${problem}`];
        found.set(mark.feature, place);
        const instance = wrapper.instance as Readonly<Record<string, DeferredHandler>>;
        this.handlers.set(mark.feature, (message, context) => instance[mark.method]?.(message, context));
        return [];
      });
    });
  }

  #problemOf(
    wrapper: InstanceWrapper,
    owner: Type<unknown>,
    { method, feature }: DeferredHandlerMark,
  ): string | undefined {
    const unknown = this.runtime.features.whyUnknown(feature);
    if (unknown !== undefined) return unknown;
    const value = (owner.prototype as Readonly<Record<string, unknown>>)[method];
    if (typeof value !== 'function') return 'it is not a method of instances';
    return isSingleton(wrapper) ? undefined : 'its class is not a singleton; there is no request when the answer comes';
  }
}

function duplicateOf(other: string | undefined, place: string): string | undefined {
  if (other === undefined || other === place) return undefined; // the same class in two modules is no conflict
  return `${other} handles this feature already; keep one`;
}
