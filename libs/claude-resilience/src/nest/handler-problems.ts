import type { Type } from '@nestjs/common';
import { ClaudeRetryInterceptor } from './claude-retry.interceptor.js';

/** Where Nest's own decorators leave what they say; see its `constants`. */
const ROUTE_ARGUMENTS = '__routeArguments__';
const PASSTHROUGH = '__responsePassthrough__';
const INTERCEPTORS = '__interceptors__';
/** Kinds of route arguments that take the answer out of Nest's hands: `@Res()` and `@Next()`. */
const ANSWERING = /^[12]:/;

/** What keeps a method from being wrapped that only its other decorators tell. */
export function handlerProblems(owner: Type<unknown>, method: string): readonly string[] {
  const args = Object.keys((Reflect.getMetadata(ROUTE_ARGUMENTS, owner, method) ?? {}) as object);
  const answersItself =
    args.some((key) => ANSWERING.test(key)) && Reflect.getMetadata(PASSTHROUGH, owner, method) !== true;
  const handler = (owner.prototype as Readonly<Record<string, unknown>>)[method];
  const interceptors = typeof handler === 'function' ? (Reflect.getMetadata(INTERCEPTORS, handler) as unknown[]) : [];
  return [
    ...(answersItself
      ? [
          'it answers through @Res() or @Next(), so a fallback could not; return the value, or use { passthrough: true }',
        ]
      : []),
    ...(interceptors?.includes(ClaudeRetryInterceptor)
      ? ['ClaudeRetryInterceptor stands around it and sees only what the fallback left; use { retry: true } instead']
      : []),
  ];
}
