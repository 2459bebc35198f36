import type { FieldCheck } from './field-check.js';

/** Lists every unknown or wrong field of an object, each with its path; fields that are left out are fine. */
export function checkFields(value: object, checks: Readonly<Record<string, FieldCheck>>, at = ''): string[] {
  return Object.entries(value).flatMap(([name, given]: [string, unknown]) => {
    if (given === undefined) return [];
    const path = at === '' ? name : `${at}.${name}`;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) return [`${path}: unknown; known are ${Object.keys(checks).join(', ')}`];
    return check.accepts(given) ? [] : [`${path}: expected ${check.expected}, got ${show(given)}`];
  });
}

function show(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
