import { describe, expect, it } from '@jest/globals';
import { ClaudeInvalidOptionsError, ClaudeUnknownFeatureError } from './errors.js';
import { FeatureRegistry } from './feature-registry.js';
import { OptionReader } from './option-reader.js';
import { readResilienceOptions, resolveFeatures } from './options.js';

function start(given: unknown = {}) {
  const issues: string[] = [];
  const { features, defaults } = readResilienceOptions(new OptionReader('', given, issues), issues);
  expect(issues).toEqual([]);
  const registry = new FeatureRegistry(features);
  const add = (declared: unknown) => resolveFeatures(declared, defaults).forEach((feature) => registry.add(feature));
  return { registry, add };
}

describe('FeatureRegistry (R22)', () => {
  it('knows the built-in features and those of forRoot, in order', () => {
    const { registry } = start({ features: { chat: {} } });
    expect(registry.names()).toEqual(['summarisation', 'classification', 'generation', 'default', 'chat']);
    expect(registry.get('chat').name).toBe('chat');
  });

  it('learns features later', () => {
    const { registry, add } = start();
    expect(registry.has('chat')).toBe(false);
    add({ chat: { timeoutMs: 5 } });
    expect(registry.has('chat')).toBe(true);
    expect(registry.get('chat').timeoutMs).toBe(5);
  });

  it('lets forFeature configure a built-in feature that nobody has configured, once', () => {
    const { registry, add } = start();
    add({ generation: { timeoutMs: 5 } });
    expect(registry.get('generation').timeoutMs).toBe(5);
    expect(() => add({ generation: { timeoutMs: 6 } })).toThrow(ClaudeInvalidOptionsError);
  });

  it.each([
    ['forRoot and forFeature', { features: { chat: {} } }, { chat: {} }],
    ['forRoot and forFeature, built-in', { features: { generation: {} } }, { generation: {} }],
  ])('refuses to be told twice: %s', (_what, root, later) => {
    const { registry, add } = start(root);
    const before = Object.keys(root.features).map((name) => registry.get(name));
    expect(() => add(later)).toThrow(ClaudeInvalidOptionsError);
    expect(Object.keys(root.features).map((name) => registry.get(name))).toEqual(before);
  });

  it.each(['chat', '', 'constructor', '__proto__'])('says which features there are when asked for %p', (name) => {
    const { registry } = start();
    expect(() => registry.get(name)).toThrow(ClaudeUnknownFeatureError);
    expect(() => registry.get(name)).toThrow(/known: summarisation, classification, generation, default$/);
  });
});
