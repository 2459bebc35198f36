/** The two ends of what the module supports. */
export const APP_RECIPES = [
  { name: 'Nest 12, ESM', folder: 'nest-12', type: 'module', nest: '12', schedule: '12' },
  { name: 'Nest 11, CommonJS', folder: 'nest-11', type: 'commonjs', nest: '11', schedule: '6' },
];

/** The tarballs with their required peers, and no optional one. */
export function manifestOf({ folder, type, nest, schedule }, tarballs) {
  const ownPackages = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  return {
    name: folder,
    private: true,
    type,
    dependencies: {
      '@anthropic-ai/sdk': '1',
      '@nestjs/common': nest,
      '@nestjs/core': nest,
      '@nestjs/platform-express': nest,
      '@nestjs/schedule': schedule,
      '@nestjs/terminus': '12',
      'reflect-metadata': '0.2',
      rxjs: '7',
      ...ownPackages,
    },
    devDependencies: { '@types/node': '24', typescript: '~6.0.3' },
  };
}

/** As strict as an application can be: `skipLibCheck: false` also checks every declaration of the tarballs. */
export const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noFallthroughCasesInSwitch: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noPropertyAccessFromIndexSignature: true,
    noUncheckedIndexedAccess: true,
    isolatedModules: true,
    esModuleInterop: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: false,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};
