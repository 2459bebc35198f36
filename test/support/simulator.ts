import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { ClaudeSimulator } from 'claude-api-simulator';

/** A healthy simulator for the tests of one file; its scenario and log are fresh for each. */
export function useSimulator(): { readonly api: ClaudeSimulator } {
  let simulator: ClaudeSimulator | undefined;
  beforeAll(async () => {
    simulator = await ClaudeSimulator.start({ latencyMs: 0, limits: false, stream: { delayMs: 0 } });
  });
  beforeEach(() => {
    simulator?.scenario.clear();
    simulator?.requests.clear();
  });
  afterAll(() => simulator?.stop());
  return {
    get api() {
      if (simulator === undefined) throw new Error('The simulator starts with the first test');
      return simulator;
    },
  };
}

/** Parameters of a small, valid request. */
export const PARAMS = {
  model: 'claude-sonnet-5-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'A word, please.' }],
};
