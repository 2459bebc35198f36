import type { TrafficReading } from '../alert-readings.js';

/** The window of all figures of requests, in milliseconds (R30). */
export const TRAFFIC_WINDOW_MS = 300_000;

/** ` in chat`, or nothing where all workflows are meant. */
export function inWorkflow(workflow: string | undefined): string {
  return workflow === undefined ? '' : ` in ${workflow}`;
}

/** Label of a workflow; none where all are meant. */
export function workflowLabel(workflow: string | undefined): { readonly workflow?: string } {
  return workflow === undefined ? {} : { workflow };
}

/** What users saw in the window, one sentence, where it is known. */
export function usersSee({ requests, failed, simplified }: TrafficReading): { readonly usersSee?: string } {
  if (failed === undefined) return {};
  const fallbacks = simplified === undefined || simplified === 0 ? '' : `, ${simplified} got a simplified answer`;
  const errors = failed === 0 ? 'none of them got an error' : `${failed} of ${requests} requests ended in an error`;
  return { usersSee: `Users: ${errors}${fallbacks}.` };
}
