import type { Scenario } from '../harness/scenario.js';
import { openRefusal } from '../subjects/refusal.js';
import { measured } from './of-subjects.js';

export const refusal: Scenario = {
  name: 'refusal',
  async measure(effort) {
    const { readings, rows } = await measured(openRefusal, 'rejected', effort);
    return [
      {
        title: 'A call that is refused, since the circuit is open',
        text:
          'The caller catches the error. Ours is one of the typed errors, made at the desk; cockatiel is its breaker ' +
          'alone, without the rest of a wrap.',
        unit: 'ns a call',
        reference: 'bare rejection, one error',
        rows,
        goals: [
          {
            what: 'refusal while open / cockatiel',
            bound: 'at most',
            limits: [0.4],
            value: readings.ratio('ours: run', 'cockatiel breaker'),
          },
          {
            what: 'refusal while open / opossum',
            bound: 'at most',
            limits: [0.4],
            value: readings.ratio('ours: run', 'opossum fire'),
          },
        ],
      },
    ];
  },
};
