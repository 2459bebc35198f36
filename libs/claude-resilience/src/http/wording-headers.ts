import type { AbstractHttpAdapter } from '@nestjs/core';

/** The part of Nest's adapter that tells and sets headers. */
type Headers = Pick<AbstractHttpAdapter, 'getHeader' | 'setHeader'>;

/** Tells caches that the answer depends on the language asked for. What it depends on besides stays said. */
export function varyByLanguage(adapter: Headers, response: unknown): void {
  const said = [adapter.getHeader(response, 'Vary'), rawVary(response)].flatMap(namesIn);
  if (said.some((name) => name === '*' || name.toLowerCase() === 'accept-language')) return;
  adapter.setHeader(response, 'Vary', [...new Set(said), 'Accept-Language'].join(', '));
}

/** Fastify does not know what middleware said on the response of Node's below its own, and would overwrite it. */
function rawVary(response: unknown): unknown {
  const { raw } = response as { raw?: { getHeader?(name: string): unknown } };
  return raw?.getHeader?.('Vary');
}

function namesIn(header: unknown): readonly string[] {
  const lines: readonly unknown[] = Array.isArray(header) ? header : [header];
  return lines
    .filter((line) => typeof line === 'string')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
