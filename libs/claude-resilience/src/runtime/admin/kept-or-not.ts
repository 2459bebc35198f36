import type { Decisions } from './decisions.js';

/** What is said of a decision besides: nothing where it is kept. */
export async function keptOrNot(decisions: Decisions): Promise<string> {
  return (await decisions.isKept()) ? '' : ' It is not kept in a file, nor by other replicas: a restart ends it.';
}
