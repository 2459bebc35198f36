import type { Scenario } from '../harness/scenario.js';
import { exactly } from '../harness/spread.js';
import { openSuccess } from '../subjects/success.js';
import { bytesOf, measured } from './of-subjects.js';

const OURS = 'ours: messages.create';

export const success: Scenario = {
  name: 'success',
  async measure(effort) {
    const { readings, rows } = await measured(openSuccess, 'answered', effort);
    const bytes = bytesOf(rows, OURS);
    return [
      {
        title: 'A call that is answered at once',
        text:
          'One call after the other, each awaited; the client is a stub, so all that is left is what a library costs. Ours ' +
          'goes through the service of a Nest application with everything on that is on by default: diagnosis, retry ' +
          'loop, circuit, pacing, deadline, metrics with percentiles, advice, tokens and cost (`create`); `run` is the ' +
          "same around a function of the application's, of which no model, tokens or cost are known. cockatiel is " +
          'fallback, retry, breaker and timeout; opossum breaker, timeout and its percentiles; p-retry a loop.',
        unit: 'ns a call',
        reference: 'bare await',
        rows,
        goals: [
          {
            what: 'success path (create) / cockatiel wrap',
            bound: 'at most',
            limits: [1 / 15],
            value: readings.ratio(OURS, 'cockatiel wrap'),
          },
          {
            what: 'success path (create) / opossum fire',
            bound: 'at most',
            limits: [1 / 2],
            value: readings.ratio(OURS, 'opossum fire'),
          },
          {
            what: 'success path (run) / cockatiel wrap',
            bound: 'at most',
            limits: [1 / 15],
            value: readings.ratio('ours: run', 'cockatiel wrap'),
          },
          {
            what: 'success path (run) / opossum fire',
            bound: 'at most',
            limits: [1 / 2],
            value: readings.ratio('ours: run', 'opossum fire'),
          },
          { what: 'bytes a call on it (create)', bound: 'at most', limits: [1_200], unit: 'B', value: exactly(bytes) },
          {
            what: 'bytes a call (create) / cockatiel wrap',
            bound: 'at most',
            limits: [1 / 8],
            value: exactly(bytes / bytesOf(rows, 'cockatiel wrap')),
          },
        ],
      },
    ];
  },
};
