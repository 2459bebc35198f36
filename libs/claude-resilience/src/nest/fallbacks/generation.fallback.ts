import { Injectable } from '@nestjs/common';
import { ClaudeFallbackHandler } from '../../core/fallback/fallback.port.js';
import { textIn } from './text-in.js';

export interface GenerationFallbackOutput {
  readonly text: string;
}

/**
 * A simpler text from a template (R25): `template` of the input with each `{{name}}` replaced by `variables.name`. A name
 * without a value stays out of the text. An input that is a text is its own template.
 */
@Injectable()
export class GenerationFallback extends ClaudeFallbackHandler<unknown, GenerationFallbackOutput> {
  answer(input: unknown): GenerationFallbackOutput {
    const template = textIn(input, ['template', 'text', 'prompt']) ?? '';
    const variables = (input as { variables?: unknown } | null | undefined)?.variables;
    return { text: filled(template, variables) };
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
