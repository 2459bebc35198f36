import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/index.js';
import { ClaudeUnknownFeatureError } from '../errors.js';
import { FeatureRegistry } from '../feature-registry.js';
import { OptionReader } from '../option-reader.js';
import { readResilienceOptions } from '../options.js';
import { CircuitRegistry } from './circuit-registry.js';
import type { CircuitTransition, Permit } from './circuit.js';

function start() {
  const issues: string[] = [];
  const read = new OptionReader('', { features: { chat: { circuit: { failureThreshold: 1 } } } }, issues);
  const heard: CircuitTransition[] = [];
  const features = new FeatureRegistry(readResilienceOptions(read, issues).features);
  return { heard, circuits: new CircuitRegistry(features, new ManualClock(), (transition) => heard.push(transition)) };
}

describe('CircuitRegistry (R22)', () => {
  it('has one circuit per feature, with its options, for good', () => {
    const { circuits } = start();
    expect(circuits.of('chat')).toBe(circuits.of('chat'));
    expect(circuits.of('chat')).not.toBe(circuits.of('generation'));
    expect(circuits.of('chat').options.failureThreshold).toBe(1);
    expect(circuits.of('generation').options.failureThreshold).toBe(5);
  });

  it('lists all of them, also those nobody has asked for', () => {
    const { circuits } = start();
    const chat = circuits.of('chat');
    expect(circuits.all().map(({ feature }) => feature)).toEqual([
      'summarisation',
      'classification',
      'generation',
      'default',
      'chat',
    ]);
    expect(circuits.all()).toContain(chat);
  });

  it('passes transitions on', () => {
    const { circuits, heard } = start();
    circuits.of('chat').record(circuits.of('chat').admit() as Permit, 'failure');
    expect(heard).toMatchObject([{ feature: 'chat', from: 'closed', to: { name: 'open' } }]);
  });

  it('makes none for a feature that nobody declared', () => {
    const { circuits } = start();
    expect(() => circuits.of('mail')).toThrow(ClaudeUnknownFeatureError);
    expect(circuits.all()).toHaveLength(5);
  });
});
