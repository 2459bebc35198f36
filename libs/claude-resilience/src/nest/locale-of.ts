import type { ArgumentsHost } from '@nestjs/common';
import type { ClaudeWording } from '../core/wording/claude-wording.port.js';

/** The language to answer a request in: by its `Accept-Language` over HTTP, the default elsewhere. */
export function localeOf(context: ArgumentsHost, wording: ClaudeWording): string {
  if (context.getType() !== 'http') return wording.defaultLocale;
  const { headers } = context.switchToHttp().getRequest<{ headers?: Readonly<Record<string, unknown>> }>();
  const header = headers?.['accept-language'];
  return typeof header === 'string' ? wording.localeFor(header) : wording.defaultLocale;
}
