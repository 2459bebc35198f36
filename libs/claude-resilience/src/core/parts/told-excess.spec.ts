import { expect, it } from '@jest/globals';
import { roomIn, toldExcess } from './told-excess.js';

it.each([
  ['prompt is too long: 209343 tokens > 200000 maximum', 4_096, { by: 'tokens', got: 209_343, allowed: 195_904 }],
  ['400 {"message":"prompt is too long: 5 tokens > 4 maximum"}', 1, { by: 'tokens', got: 5, allowed: 3 }],
  ['prompt is too long', 1, { by: 'unknown' }],
  ['Request Entity Too Large', 1, { by: 'unknown' }],
  [undefined, 1, { by: 'unknown' }],
])('reads %j, with room for an answer of %d tokens', (says, roomForAnswer, excess) => {
  expect(toldExcess(says, roomForAnswer)).toEqual(excess);
});

it('an answer that may take the whole window leaves half of it to the prompt', () => {
  expect([roomIn(200_000, 4_000), roomIn(200_000, 200_000)]).toEqual([196_000, 100_000]);
});
