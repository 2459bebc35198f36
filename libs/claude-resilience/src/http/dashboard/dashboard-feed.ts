import type { Clock } from '../../core/clock.port.js';
import type { ServerSentEvent } from '../event-stream.js';
import { titleOf } from './page.js';
import type { PageContext } from './page-context.js';
import { renderSections } from './page-sections.js';

/** How often somebody looks whether there is news, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** And how often when nothing has happened, since minutes pass also then. */
const QUIET_EVERY_MS = 5_000;
/** Then the browser comes back, and has to show again that it may, in milliseconds. */
const LONGEST_MS = 900_000;

export interface FeedParts {
  readonly clock: Clock;
  /** Grows with everything that happens. */
  events(): number;
  look(): Promise<PageContext>;
}

/** The sections of the page as they change, for one reader: all of them first. */
export async function* dashboardFeed(
  { clock, events, look }: FeedParts,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const endsAtMs = clock.nowMs() + LONGEST_MS;
  let sent: ReadonlyMap<string, string> = new Map();
  for (let number = 1; !signal.aborted && clock.nowMs() < endsAtMs; number++) {
    const before = events();
    const lookedAtMs = clock.nowMs();
    const context = await look();
    const sections = renderSections(context);
    const changed = [...sections].filter(([id, markup]) => sent.get(id) !== markup);
    sent = sections;
    const asOf = new Date(context.status.atMs).toISOString().slice(11, 19);
    const data = { title: titleOf(context), asOf, sections: Object.fromEntries(changed) };
    yield { id: String(number), name: 'page', data };
    // Whoever reads of trouble looks every time; a quiet page is looked at again when something happened.
    const againAtMs = lookedAtMs + (context.status.verdict.severity === 'ok' ? QUIET_EVERY_MS : 0);
    do await pause(clock, LOOK_EVERY_MS, signal);
    while (!signal.aborted && events() === before && clock.nowMs() < againAtMs);
  }
}

function pause(clock: Clock, forMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = clock.after(forMs, end);
    signal.addEventListener('abort', end);
  });
}
