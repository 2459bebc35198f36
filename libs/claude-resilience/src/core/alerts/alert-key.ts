import type { AlertLabels, AlertRuleId } from './alert-rule.js';

/** Longest key that PagerDuty takes, in characters. */
export const LONGEST_ALERT_KEY = 255;
const HASH_CHARACTERS = 16;

/**
 * The identity of an alert wherever it is sent: `service:env:rule:label values`, the values in the order of their names.
 * The same for every replica, process and time, so that receivers see one alert. What is beyond 255 characters is hashed.
 */
export function alertKey(service: string, environment: string, rule: AlertRuleId, labels: AlertLabels): string {
  const values = Object.keys(labels)
    .sort()
    .map((name) => labels[name] ?? '');
  const key = [service, environment, rule, ...values].map(escaped).join(':');
  if (key.length <= LONGEST_ALERT_KEY) return key;
  const kept = LONGEST_ALERT_KEY - HASH_CHARACTERS - 1;
  return `${key.slice(0, kept)}~${hashOf(key.slice(kept))}`;
}

/** Printable ASCII but for the colon, which divides; so no character is cut in two, and every receiver counts alike. */
function escaped(value: string): string {
  return value.replace(/[^!-9;-~]|%/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `%${code.toString(16)}`;
  });
}

/** FNV-1a of 64 bits, in hexadecimal. @see http://www.isthe.com/chongo/tech/comp/fnv */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(HASH_CHARACTERS, '0');
}
