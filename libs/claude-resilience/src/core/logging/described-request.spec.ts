import { expect, it } from '@jest/globals';
import { describedRequest } from './described-request.js';

it.each([
  ['/claude/requests/kFZrMMeICfSKg5euZCCI-g', '/claude/requests/*'],
  ['/claude/requests/kFZrMMeICfSKg5euZCCI-g/events?x=1', '/claude/requests/*/events'],
  // Routers of Express do not mind.
  ['/Claude/Requests/kFZrMMeICfSKg5euZCCI-g/', '/Claude/Requests/*/'],
  ['/summaries?document=secret', '/summaries'],
  [`/${'a'.repeat(300)}`, `/${'a'.repeat(199)}`],
])('writes %s down without what opens something (R10)', (url, path) => {
  expect(describedRequest({ method: 'GET', url: '/', originalUrl: url })).toEqual({ method: 'GET', path });
});

it('has the id of the request, and no more of it', () => {
  const request = { id: 'abc', method: 'GET', url: '/', headers: { cookie: 'x' }, body: { prompt: 'y' } };
  expect(describedRequest(request)).toEqual({ id: 'abc', method: 'GET', path: '/' });
});
