import type { StatusFacts } from '../claude-status.js';
import { momentInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';

/** Replicas cannot hear each other: nothing fails for it, and nobody acts as one. */
export function findUnheardFleet({ fleet, atMs }: StatusFacts): StatusFinding[] {
  if (fleet.state !== 'unheard') return [];
  return [
    {
      topic: 'fleet_unheard',
      severity: 'degraded',
      headline: `Replicas cannot hear each other since ${momentInWords(fleet.sinceMs, atMs)}`,
      usersSee: 'Nothing.',
      moduleDoes:
        'Each replica goes by what it knows itself: it keeps its part of the rate limits, and figures here are its own. It tries Redis each second.',
      toDo: 'Mend the Redis of `fleet`, or the connection to it.',
    },
  ];
}
