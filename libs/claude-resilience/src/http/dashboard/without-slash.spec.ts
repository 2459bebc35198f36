import { expect, it } from '@jest/globals';
import { withoutSlash } from './without-slash.js';

it.each([
  [{ originalUrl: '/claude/dashboard/', url: '/' }, '../dashboard'],
  [{ url: '/claude/dashboard/?format=json' }, '../dashboard?format=json'],
  [{ url: '/claude/dashboard' }, undefined],
  [{ url: '/claude/dashboard?back=/' }, undefined],
  [{ url: '/' }, undefined],
  [{ url: '/claude//' }, undefined],
  [{}, undefined],
])('%j belongs to %j', (request, location) => {
  expect(withoutSlash(request)).toBe(location);
});
