import { Injectable } from '@nestjs/common';
import { ClaudeFallbackHandler } from '../../core/fallback/fallback.port.js';
import { memberOf } from './text-in.js';

export interface GenerationFallbackOutput {
  readonly text: string;
}

/**
 * A simpler text from a template (R25): `template` of the input with each `{{name}}` replaced by `variables.name`. A name
 * without a value stays out of the text.
 */
@Injectable()
export class GenerationFallback extends ClaudeFallbackHandler<unknown, GenerationFallbackOutput> {
  override readonly usersGet: string = 'a simpler text from a template';

  /** @throws when there is no template in the input: a prompt is no text for the reader */
  answer(input: unknown): GenerationFallbackOutput {
    const template = memberOf(input, 'template');
    if (typeof template !== 'string') throw new Error('No text to answer with: the input has no template');
    return { text: filled(template, memberOf(input, 'variables')) };
  }
}

function filled(template: string, variables: unknown): string {
  const values: Readonly<Record<string, unknown>> =
    typeof variables === 'object' && variables !== null ? (variables as Record<string, unknown>) : {};
  const text = template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
  return text.replace(/[ \t]{2,}/g, ' ').trim();
}
