import type { RequestNotes } from '../runtime/claude-scope.js';

/** Notes of what a deferred handler does. */
export interface DeferredNotes extends RequestNotes {
  readonly isOfDeferredHandler: true;
}

export const newDeferredNotes = (): DeferredNotes => ({ isOfDeferredHandler: true });

/** Whether code runs on behalf of a deferred request: what it asks is in the queue already. */
export function areOfDeferredHandler(notes: RequestNotes | undefined): boolean {
  return (notes as Partial<DeferredNotes> | undefined)?.isOfDeferredHandler === true;
}
