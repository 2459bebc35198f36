/** The demo application as a process of its own, from its sources, which have decorators: Node alone cannot read those. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { transformSync } from '@swc/core';

const ROOT = new URL('../../', import.meta.url);
const SOURCES = {
  'nestjs-claude-resilience': 'libs/claude-resilience/src/index.ts',
  'nestjs-claude-resilience/client': 'libs/claude-resilience/src/client/index.ts',
  'claude-api-simulator': 'libs/claude-simulator/src/index.ts',
};
const SWC = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2024',
  },
  module: { type: 'es6' },
};

registerHooks({
  resolve(name, context, next) {
    if (name in SOURCES) return next(new URL(SOURCES[name], ROOT).href, context);
    const isOurs = context.parentURL?.endsWith('.ts') && name.startsWith('.');
    return next(isOurs ? name.replace(/\.js$/, '.ts') : name, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const { code } = transformSync(readFileSync(new URL(url), 'utf8'), SWC);
    return { format: 'module', shortCircuit: true, source: code };
  },
});

await import('../../src/main.ts');
