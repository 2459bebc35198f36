import type { ArgumentsHost } from '@nestjs/common';

/** What may stand in logs and bodies as an id: nothing that could break a line or a page. */
const SAFE_ID = /^[\w.:-]{8,128}$/;

/** The id a caller gave its request in `X-Correlation-Id` or `X-Request-Id`; `undefined` when there is none to trust. */
export function correlationIdOf(context: ArgumentsHost): string | undefined {
  return context.getType() === 'http' ? correlationIdIn(context.switchToHttp().getRequest()) : undefined;
}

/** The same of the platform's request. */
export function correlationIdIn(request: unknown): string | undefined {
  const { headers } = request as { headers?: Readonly<Record<string, unknown>> };
  return [headers?.['x-correlation-id'], headers?.['x-request-id']].find(
    (id): id is string => typeof id === 'string' && SAFE_ID.test(id),
  );
}
