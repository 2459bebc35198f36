import { expect, it } from '@jest/globals';
import { withoutKeys } from './without-keys.js';

it.each([
  ['{"msg":"key sk-ant-api03-AbC_1-2 is wrong"}', '{"msg":"key [key] is wrong"}'],
  ['"sk-ant-a","sk-ant-b"', '"[key]","[key]"'],
  ['"an antelope asks"', '"an antelope asks"'],
])('makes %s to %s', (line, scrubbed) => {
  expect(withoutKeys(line)).toBe(scrubbed);
});
