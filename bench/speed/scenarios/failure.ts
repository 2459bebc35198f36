import type { Scenario } from '../harness/scenario.js';
import { openFailure } from '../subjects/failure.js';
import { measured } from './of-subjects.js';

export const failure: Scenario = {
  name: 'failure',
  async measure(effort) {
    const { rows } = await measured(openFailure, 'rejected', effort);
    return [
      {
        title: 'A call that fails and is not repeated',
        text:
          'The connection breaks at once; the circuit stays closed. Ours is diagnosed and thrown as a typed error. ' +
          'opossum sorts the latencies of its window at each failure: its figure grows with the number of calls in it.',
        unit: 'ns a call',
        reference: 'bare rejection, one error',
        rows,
        goals: [],
      },
    ];
  },
};
