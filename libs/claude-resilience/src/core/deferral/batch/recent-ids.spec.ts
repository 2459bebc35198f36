import { expect, it } from '@jest/globals';
import { RecentIds } from './recent-ids.js';

it('remembers the newest, and no more than that', () => {
  const ids = new RecentIds();
  for (let n = 0; n < 10_000; n++) ids.add(`r-${n}`);
  ids.add('r-0');
  ids.add('new');
  expect(['r-0', 'r-1', 'r-2', 'r-9999', 'new'].map((id) => ids.has(id))).toEqual([true, false, true, true, true]);
});
