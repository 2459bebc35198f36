import type { ModelRules } from './model-rules.js';

/** Whether a model may think though nobody asked and can be told not to: some since 4.7, and all of them take `disabled`. */
export function mayThinkUnasked({ thinking }: ModelRules): boolean {
  return thinking.includes('disabled') && !thinking.includes('enabled');
}
