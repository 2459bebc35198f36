import type { FeatureStatus } from './feature-status.js';
import { capitalised, listInWords } from './status-words.js';

/** What users get instead while calls of these features are refused, one clause for each kind of answer. */
export function whatUsersSee(features: readonly FeatureStatus[]): string {
  const groups = [...Map.groupBy(features, insteadOf)];
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) return `Users get ${only[0]}.`;
  const clauses = groups.map(([what, of]) => `${listInWords(of.map(({ feature }) => feature))}: users get ${what}`);
  return `${capitalised(clauses.join('; '))}.`;
}

function insteadOf({ instead: { fallback, isDeferred } }: FeatureStatus): string {
  if (isDeferred) return 'their answer later: requests are queued';
  return fallback ?? 'an error that asks them to try again later';
}
