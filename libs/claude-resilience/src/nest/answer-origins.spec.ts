import { describe, expect, it } from '@jest/globals';
import type { Origin } from '../core/call.js';
import { AnswerOrigins } from './answer-origins.js';

const FIRST: Origin = { model: 'sonnet', platform: 'anthropic', isReformulated: false, insteadOf: [] };
const DECLINED = { model: 'sonnet', platform: 'anthropic', kind: 'content_policy' };

describe('who gave an answer (R18)', () => {
  it.each<[what: string, answered: unknown, refusalModels: readonly string[], expected: unknown]>([
    ['the model asked, where there are no others', 'sonnet', [], FIRST],
    ['the model asked, where it did not decline', 'sonnet', ['opus', 'sonnet'], FIRST],
    [
      'one that was asked inside the request',
      'opus',
      ['haiku', 'opus'],
      { ...FIRST, model: 'opus', insteadOf: [DECLINED] },
    ],
    ['the model asked, by a name that nobody knows', 'sonnet-of-today', ['opus'], FIRST],
    ['the model asked, where the answer names none', undefined, ['opus'], FIRST],
  ])('%s', (_what, model, refusalModels, expected) => {
    const origins = new AnswerOrigins();
    const answer = { model };
    origins.note(answer, FIRST, refusalModels);
    expect(origins.of(answer)).toEqual(expected);
    expect(origins.of({ model })).toBeUndefined();
  });
});
