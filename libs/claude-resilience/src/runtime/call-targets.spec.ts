import { describe, expect, it } from '@jest/globals';
import type { ResolvedFeature } from '../core/options.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import { CallTargets } from './call-targets.js';

const choice = (model: string, platform = OWN_PLATFORM) => ({ model, platform });
const CHOICES = [choice('claude-opus-5'), choice('claude-sonnet-5'), choice('eu.sonnet', 'bedrock')];

const feature = (...models: ReturnType<typeof choice>[]) => ({ name: 'digest', models }) as unknown as ResolvedFeature;

describe('whom a call may be answered by', () => {
  it.each([
    [CHOICES, undefined, ['claude-opus-5', 'claude-sonnet-5', 'eu.sonnet']],
    [CHOICES, 'claude-sonnet-5', ['claude-sonnet-5', 'claude-opus-5', 'eu.sonnet']],
    [CHOICES, 'eu.sonnet', ['eu.sonnet', 'claude-opus-5', 'claude-sonnet-5']],
    [CHOICES, 'next', ['next', 'claude-opus-5', 'claude-sonnet-5', 'eu.sonnet']],
    [[], 'next', ['next']],
  ])('of %j, asked for %s: %j', (choices, model, models) => {
    const targets = new CallTargets();
    const asked = feature(...choices);
    const found = targets.of(asked, model);
    expect(found.map((target) => target.model)).toEqual(models);
    expect(targets.of(asked, model)).toBe(found);
    expect(Object.isFrozen(found) && found.every(Object.isFrozen)).toBe(true);
  });

  it('platform and bucket come along', () => {
    expect(new CallTargets().of(feature(...CHOICES), 'next')).toEqual([
      { model: 'next', platform: 'anthropic', bucket: 'anthropic:next' },
      { model: 'claude-opus-5', platform: 'anthropic', bucket: 'anthropic:opus-5' },
      { model: 'claude-sonnet-5', platform: 'anthropic', bucket: 'anthropic:sonnet-5' },
      { model: 'eu.sonnet', platform: 'bedrock', bucket: 'bedrock:eu.sonnet' },
    ]);
  });

  it('nobody to ask is said, each time', () => {
    const targets = new CallTargets();
    for (let n = 0; n < 2; n++) {
      expect(() => targets.of(feature(), undefined)).toThrow(/features\.digest\.models, got undefined/);
    }
  });

  it('features of one name are two features, and names that callers make up are not kept for ever', () => {
    const targets = new CallTargets();
    const asked = feature(choice('mine'));
    const first = targets.of(asked, 'made up');
    expect(targets.of(feature(choice('other')), 'made up')).not.toBe(first);
    for (let n = 0; n < 15; n++) targets.of(asked, `made up ${n}`);
    expect(targets.of(asked, 'made up')).toBe(first);
    targets.of(asked, 'one more');
    expect(targets.of(asked, 'made up')).not.toBe(first);
  });
});
