/**
 * ESM with swc: swc does not check types, `npm run typecheck` does.
 * @type {import('jest').Config}
 */
export default {
  testEnvironment: 'node',
  // Nothing depends on speed: it only ends what hangs, on however slow a machine.
  testTimeout: 60_000,
  roots: ['<rootDir>/src', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/libs/[^/]+/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^claude-api-simulator$': '<rootDir>/libs/claude-simulator/src/index.ts',
    '^nestjs-claude-resilience$': '<rootDir>/libs/claude-resilience/src/index.ts',
    '^nestjs-claude-resilience/client$': '<rootDir>/libs/claude-resilience/src/client/index.ts',
    '^nestjs-claude-resilience/testing$': '<rootDir>/libs/claude-resilience/src/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
