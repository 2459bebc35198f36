import { expect, it } from '@jest/globals';
import { claimedRequest } from '../../testing/wanted-request.js';
import { MemoryRequestStore } from './memory-request-store.js';
import { withoutTexts } from './without-texts.js';

it('leaves out the prompt and the answer, and nothing else', async () => {
  const store = new MemoryRequestStore();
  const { id, state } = await claimedRequest(store, 1, 1_000, { parametersJson: '"PROMPT"' });
  await store.storeAnswer({ id, fencingNumber: state.fencingNumber }, '"ANSWER"');
  const request = (await store.get(id))!;
  const bare = withoutTexts(request);
  expect(JSON.stringify(bare)).not.toMatch(/PROMPT|ANSWER/);
  expect({ ...bare, parametersJson: '"PROMPT"', state: { ...bare.state, answerJson: '"ANSWER"' } }).toEqual(request);
  const done = await store.complete({ id, fencingNumber: state.fencingNumber }, '"RESULT"', 2);
  expect(withoutTexts(done).state).toBe(done.state);
});
