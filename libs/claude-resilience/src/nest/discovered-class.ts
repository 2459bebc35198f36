import type { Type } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';

/** What Nest holds of one provider or controller. */
export type InstanceWrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** The class of what a wrapper holds: the one Nest makes it from, else (a value, a factory) that of the instance. */
export function discoveredClass({ instance, metatype, inject }: InstanceWrapper): Type<unknown> | undefined {
  const made = (instance as { constructor?: unknown } | null | undefined)?.constructor;
  const found = inject === undefined && typeof metatype === 'function' ? metatype : made;
  return typeof found === 'function' && found !== Object ? (found as Type<unknown>) : undefined;
}

/** Whether there is one instance for all requests. */
export function isSingleton(wrapper: InstanceWrapper): boolean {
  return wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
}
