import type Anthropic from '@anthropic-ai/sdk';

/** Asks for the answer that can be given, instead of none; says nothing about what the request was. */
export const SAFETY_INSTRUCTIONS = [
  'A previous attempt to answer this request was declined for safety reasons.',
  'Answer only the part of it that you can answer safely and responsibly, and leave the rest out.',
  'If there is no such part, say plainly and briefly that you cannot help with this request.',
].join(' ');

/**
 * The same request with safety instructions at the end of its system prompt: the one reformulated attempt after a
 * rejection (R18). What stood there before stays as it was, so that a cached prefix is still one.
 */
export function withSafetyInstructions<P extends Pick<Anthropic.MessageCreateParams, 'system'>>(params: P): P {
  return { ...params, system: append(params.system) };
}

function append(system: Anthropic.MessageCreateParams['system']): string | Anthropic.TextBlockParam[] {
  if (Array.isArray(system)) return [...system, { type: 'text', text: SAFETY_INSTRUCTIONS }];
  return system === undefined || system.trim() === '' ? SAFETY_INSTRUCTIONS : `${system}\n\n${SAFETY_INSTRUCTIONS}`;
}
