import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyScrub } from './key-scrub.js';

const SECRET = 'R0uting"Key\\of a/team?';
const scrub = keyScrub([SECRET]);

describe('keyScrub (R7)', () => {
  it.each([
    ['{"msg":"key sk-ant-api03-AbC_1-2 is wrong"}', '{"msg":"key [key] is wrong"}'],
    ['"sk-ant-a","sk-ant-b"', '"[key]","[key]"'],
    ['{"a":{"b":[{"apiKey":"anything"}]}}', '{"a":{"b":[{"apiKey":"[key]"}]}}'],
    ['{"X-Api-Key": "with \\"quotes\\" in it","next":1}', '{"X-Api-Key": "[key]","next":1}'],
    [
      String.raw`{"body":"{\"routing_key\":\"abc\",\"x\":1}"}`,
      String.raw`{"body":"{\"routing_key\":\"[key]\",\"x\":1}"}`,
    ],
    ['{"url":"https://hooks.slack.com/services/T0/B0/xyz"}', '{"url":"[key]"}'],
    ['{"h":"Bearer abcdefghijklmnopqrstuvwxyz"}', '{"h":"Bearer [key]"}'],
    ['{"h":"whsec_MfKQ9r8GKYqrTwjU"}', '{"h":"[key]"}'],
    ['{"apiKey":""}', '{"apiKey":"[key]"}'],
    // Nothing of a key in these.
    ['{"m":"an antelope asks"}', '{"m":"an antelope asks"}'],
    ['{"inputTokens":12,"outputTokens":3,"token":4}', '{"inputTokens":12,"outputTokens":3,"token":4}'],
    ['{"trace_id":"0af7651916cd43dd8448eb211c80319c"}', '{"trace_id":"0af7651916cd43dd8448eb211c80319c"}'],
    ['{"m":"the bearer of good news"}', '{"m":"the bearer of good news"}'],
  ])('makes %s to %s', (line, scrubbed) => {
    expect(scrub(line)).toBe(scrubbed);
  });

  it('leaves valid JSON without the secrets, wherever they stood', () => {
    const key = fc.constantFrom('sk-ant-api03-abcdefgh', SECRET);
    const text = fc
      .tuple(fc.string(), key, fc.string())
      .map(([before, secret, after]) => `${before}${secret} ${after}`);
    const value = fc.oneof(text, fc.dictionary(fc.string(), text), fc.array(text));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constant('apiKey')), value), (logged) => {
        const line = JSON.stringify(logged);
        const scrubbed = scrub(line);
        const read = JSON.stringify(JSON.parse(scrubbed));
        expect(read).not.toContain('sk-ant-api03-abcdefgh');
        expect(read).not.toContain(JSON.stringify(SECRET).slice(1, -1));
        expect(scrub(scrubbed)).toBe(scrubbed);
      }),
    );
  });

  it.each(['"apiKey":"', String.raw`\"token\":\"`, 'sk-ant-', '\\', '" ', 'bearer ', 'https://hooks.slack.com/'])(
    'does not dwell on a line of nothing but %s',
    (piece) => {
      const line = piece.repeat(400_000);
      const sinceMs = performance.now();
      scrub(line);
      // In milliseconds, if it is in proportion; in minutes, if it is in proportion to the square.
      expect(performance.now() - sinceMs).toBeLessThan(20_000);
    },
  );

  it('leaves out what is too long to be searched, and says so in JSON', () => {
    const out = scrub(`{"msg":"${'sk-ant-api03-x '.repeat(700_000)}"}\n`);
    expect(JSON.parse(out)).toMatchObject({ level: 40, characters: 10_500_011 });
    expect(out).not.toContain('sk-ant');
    expect(out.endsWith('\n')).toBe(true);
  });
});
