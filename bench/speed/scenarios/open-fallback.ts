import type { Scenario } from '../harness/scenario.js';
import { openOpenFallback } from '../subjects/open-fallback.js';
import { measured } from './of-subjects.js';

export const openFallback: Scenario = {
  name: 'open-fallback',
  async measure(effort) {
    const { readings, rows } = await measured(openOpenFallback, 'answered', effort);
    return [
      {
        title: 'A call that the fallback answers, since the circuit is open',
        text: "Ours is marked as such, with a sentence for the end user in the caller's language. No error is made.",
        unit: 'ns a call',
        reference: 'bare await',
        rows,
        goals: [
          {
            what: 'open + fallback / opossum',
            bound: 'at most',
            limits: [1 / 12],
            value: readings.ratio('ours: run', 'opossum fire'),
          },
          {
            what: 'open + fallback / cockatiel wrap',
            bound: 'at most',
            limits: [1 / 30],
            value: readings.ratio('ours: run', 'cockatiel wrap'),
          },
        ],
      },
    ];
  },
};
