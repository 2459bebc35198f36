import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redactText } from './redact-text.js';
import { REDACTION_RULES } from './redaction-rules.js';

/** Put together here, so that no scanner takes them for keys of somebody. */
const SLACK = ['xoxb', '2222222222', 'abcdefABCDEF'].join('-');
const AWS = `AKIA${'IOSFODNN7EXAMPLE'}`;
const GITHUB = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'].join('.');
const PEM = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'Proc-Type: 4,ENCRYPTED',
  '',
  'MIIBOgIBAAJBAKj34',
  '-----END RSA PRIVATE KEY-----',
].join('\n');

describe('what is taken out of a text (R16)', () => {
  it.each([
    ['john.doe+x@mail.example.co.uk', '[email]'],
    ['Write to <anna@example.com>, please.', 'Write to <[email]>, please.'],
    ['jürgen@müller.example and 用户@例子.公司', '[email] and [email]'],
    ['?to=john%40example.com&x=1', '?to=[email]&x=1'],
    ['{"email":"a@b.io"}', '{"email":"[email]"}'],
    ["o'hara@example.ie.", '[email].'],
  ])('e-mail address: %s', (text, clean) => expect(redactText(text)).toBe(clean));

  it.each([
    '+49 170 1234567',
    '+49 (0)170 / 123 45 67',
    '+44 (0) 20 7946 0958',
    '+1-555-123-4567',
    '+1.555.123.4567',
    '+15551234567',
    '+33 1 23 45 67 89',
    '+81 90-1234-5678',
    '0049 170 1234567',
    '0170-1234567',
    '(030) 1234567',
    '020 7946 0958',
    '07700 900123',
    '01 23 45 67 89',
    '01.02.03.04.05',
    '090-1234-5678',
    '(555) 123-4567',
    '555-123-4567',
    '555.123.4567',
    '1-800-555-0199',
    '5552345678',
    '138 1234 5678',
    '13812345678',
    '98765 43210',
    '(11) 91234-5678',
  ])('phone number: %s', (number) => {
    expect(redactText(number)).toBe('[phone]');
    expect(redactText(`Call me (${number}), or on ${number}.`)).toBe('Call me ([phone]), or on [phone].');
  });

  it.each([
    ['Tel. 45 67 89', 'Tel. [phone]'],
    ['phone number: 4567890', 'phone number: [phone]'],
  ])('phone number by the word before it: %s', (text, clean) => expect(redactText(text)).toBe(clean));

  it.each([
    ['4111111111111111', '[card]'],
    ['4111 1111 1111 1111', '[card]'],
    ['4111-1111-1111-1111', '[card]'],
    ['4111\u00a01111\u00a01111\u00a01111', '[card]'],
    ['3782 822463 10005', '[card]'],
    ['John,5555555555554444,12/27', 'John,[card],12/27'],
    ['4111 1111 1111 1111 12/27 123', '[card] 12/27 123'],
    ['2 of 45 4111 1111 1111 1111', '2 of 45 [card]'],
    ['4111 1111 1111 1111 4111 1111 1111 1111', '[card] [card]'],
  ])('payment card: %s', (text, clean) => expect(redactText(text)).toBe(clean));

  it.each([
    ['DE89370400440532013000', '[iban]'],
    ['DE89 3704 0044 0532 0130 00', '[iban]'],
    ['gb29 nwbk 6016 1331 9268 19', '[iban]'],
    ['BE68 5390 0754 7034 BIC KREDBEBB', '[iban] BIC KREDBEBB'],
    ['MT84MALT011000012345MTLCAST001S', '[iban]'],
  ])('bank account: %s', (text, clean) => expect(redactText(text)).toBe(clean));

  it.each([
    ['sk-ant-api03-abc', '[key]'],
    ['KEY_sk-ant-api03-abc-DEF_1', 'KEY_[key]'],
    [`sk-proj-${'a1B2'.repeat(12)}`, '[key]'],
    ['sk_live_51Habcdefgh12', '[key]'],
    [SLACK, '[key]'],
    [GITHUB, '[key]'],
    [AWS, '[key]'],
    ['Authorization: Bearer abcdefgh', '[key]'],
    ['"authorization": "abcdefgh"', '"[key]"'],
    ['send Bearer abc.def-123 along', 'send [key] along'],
    [JWT, '[key]'],
    [`<${PEM}>`, '<[key]>'],
    [PEM.slice(0, -40), '[key]'],
    ['API_KEY=abc123 next', '[key] next'],
    ['MY_API_KEY="abc123"', 'MY_[key]"'],
    ['password: hunter2!', '[key]'],
    ['postgres://user:s3cret@db.example.com/x', 'postgres://[key]@db.example.com/x'],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY9z', '[key]'],
    ['d41d8cd98f00b204e9800998ecf8427e', '[key]'],
    [`x ${'k9Qz'.repeat(1000)} y`, 'x [key] y'],
  ])('key: %s', (text, clean) => expect(redactText(text)).toBe(clean));

  it.each([
    ['from 203.0.113.9, port 80', 'from [ip], port 80'],
    ['2001:db8::8a2e:370:7334', '[ip]'],
    ['2001:0db8:85a3:0000:0000:8a2e:0370:7334', '[ip]'],
  ])('network address: %s', (text, clean) => expect(redactText(text)).toBe(clean));

  it.each([
    'The meeting of 23.11.2026 at 10:30, moved to 2026-11-24T04:19:15.123Z.',
    '01.02.2026 10:30, 01/02/2026 1030, 01-02-26 12 34',
    'ISBN 0306406152, ISBN-13: 978-0-306-40615-7, ISBN 9780306406157',
    'It costs $1,234,567.89, or 1.234.567,89 €, or 12 345 678.',
    'Room 1234, order 123456, ticket 00012345, 5 of 12, 100 200 300.',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479 and 01234567-8901-4234-8123-012345678901',
    '1700000000 and 1700000000000 and 0.4111111111111111',
    '4111 1111 1111 1112 is no card',
    'DE89370400440532013001 is no account',
    'std::vector<a::b>, 04:19:15, 1.12.0, v2.0.0-rc.1',
    'https://example.com/A/Long/Path/To/Some/Page-2026-11-23-With-Many-Words',
    'a-task-with-a-very-long-slug-that-is-not-a-key-at-all',
    'NestClaudeResilienceModuleConfigurationOptionsFactory',
    'max_tokens: 1024, tokens: 100000, the secret: nobody knows',
    'Basic arithmetic, and the bearer notwithstanding.',
    '@anthropic-ai/sdk@1.12.0 and user@localhost',
    'As of 12 May: DE12 is not an account',
    'Grüße 👩‍👩‍👧‍👦 aus 東京',
    '',
  ])('left as it is: %s', (text) => expect(redactText(text)).toBe(text));
});

/** Texts made of the pieces that rules look at, so that they meet in every order. */
const piece = fc.constantFrom(
  ...[
    ['4111 1111 1111 1111', '4111111111111111', '0170 1234567', '+49', '12', '0', '00', '555-123-4567', '7'],
    ['a@b.de', '@', '.', '-', ' ', '/', ',', '(', ')', '[', ']', '[card]', '[key]', '%40', '://', ':', '::', '='],
    ['DE89 3704 0044 0532 0130 00', 'DE89', 'sk-ant-x', 'sk-', 'eyJhbGci', 'token', 'password:', 'Bearer ', 'ab1'],
    ['203.0.113.9', '2001:db8', 'd41d8cd98f00b204', 'K7mD3nG/', '👩', 'ü', '\n', '-----BEGIN A-----', 'ISBN', 'tel '],
  ].flat(),
);
const composed = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));

describe('whatever the text', () => {
  it('a clean text is clean: a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(composed, fc.string({ unit: 'binary' })), (text) => {
        const once = redactText(text);
        expect(redactText(once)).toBe(once);
      }),
      { numRuns: 20_000, seed: 7 },
    );
  });

  it('what stands alone between words does not come through', () => {
    const secret = fc.constantFrom(
      'anna@example.com',
      '+49 170 1234567',
      '4111 1111 1111 1111',
      'sk-ant-api03-Zz9',
      JWT,
    );
    fc.assert(
      fc.property(fc.lorem(), secret, fc.lorem(), (before, hidden, after) => {
        const clean = redactText(`${before} ${hidden} ${after}`);
        expect(clean).not.toContain(hidden);
        expect(clean.startsWith(before) && clean.endsWith(after)).toBe(true);
      }),
      { numRuns: 1_000, seed: 7 },
    );
  });

  it('characters stay whole', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'grapheme' }))), (pieces) => {
        expect(redactText(pieces.join('').toWellFormed()).isWellFormed()).toBe(true);
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  /** A pattern that went back over such a text for each of its characters would not come back within minutes. */
  it.each(
    [
      ['a', '1', '0', '0 ', '4 ', '. ', '+', '(', '@', 'a@', 'a.', 'a@a.', '%40', 'a%40', '-----BEGIN A-----', '-'],
      [
        'eyJaaaa-',
        'eyJaaaa.',
        'sk-',
        'sk-a',
        'sk-ant-',
        'hf_',
        'token:',
        'token=a',
        'bearer ',
        '://',
        '://a',
        ':',
        'a:',
      ],
      ['AA11 ', 'AA11', 'A1a', 'A', 'f', '+1 ', '+49 (0)', '4111 1111 ', 'authorization: ', '👩', '\ud83d', '[key]'],
      ['A1a/', 'tel ', 'ISBN ', '1.1.', '::', 'f:f::', '01.', '01.02.2026 '],
    ].flat(),
  )('300 000 characters of %j come back', (unit) => {
    const text = unit.repeat(Math.ceil(300_000 / unit.length));
    expect(typeof redactText(text)).toBe('string');
  });

  it.each(['eyJaaaa-', 'sk-', 'hf_', 'token:', 'A1a/', '-----BEGIN A-----'])(
    'nor do two million of %j take for ever: what runs on is read once',
    (unit) => {
      expect(typeof redactText(unit.repeat(2_000_000 / unit.length))).toBe('string');
    },
  );

  it('every rule is named once, and leaves one of six marks', () => {
    expect(new Set(REDACTION_RULES.map(({ name }) => name)).size).toBe(REDACTION_RULES.length);
    expect(new Set(REDACTION_RULES.map(({ replacement }) => replacement))).toEqual(
      new Set(['[key]', '[email]', '[iban]', '[card]', '[ip]', '[phone]']),
    );
  });
});
