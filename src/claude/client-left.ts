import type { ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** An `AbortSignal` for a handler: aborts when its client leaves before the answer, which then nobody should pay for. */
export const ClientLeft = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const left = new AbortController();
  const response = context.switchToHttp().getResponse<ServerResponse>();
  response.once('close', () => {
    if (!response.writableFinished) left.abort();
  });
  return left.signal;
});
