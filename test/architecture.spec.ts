import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const LIBRARY = join(ROOT, 'libs/claude-resilience/src');

interface SourceFile {
  /** Path below the library's `src`, for example `core/pipeline.ts`. */
  readonly path: string;
  /** Files of the library it imports, by the same kind of path. */
  readonly files: readonly string[];
  /** Packages it imports. */
  readonly packages: readonly string[];
  readonly text: string;
}

const sources = readSources(LIBRARY);

/** Folders of the library, and the packages that only they may import: a heavy package is loaded where it is named. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@anthropic-ai/sdk': ['anthropic', 'nest/claude-messages.ts'],
  '@nestjs/common': ['nest', 'http'],
  '@nestjs/core': ['nest', 'http'],
  '@nestjs/schedule': ['nest'],
  '@nestjs/terminus': ['nest', 'http'],
  '@opentelemetry/api': ['opentelemetry'],
  bullmq: ['bullmq'],
  ioredis: ['bullmq', 'redis'],
  nodemailer: ['mail'],
  pg: ['bullmq'],
  'prom-client': ['prometheus'],
  rxjs: ['nest', 'http'],
};

/** The package of a path inside it. */
const packageOf = (name: string) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;

const isClient = (path: string) => path.startsWith('client/');

describe('the house (architecture.md, section 2)', () => {
  it('reads the library at all', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.find(({ path }) => path === 'core/pipeline.ts')?.files).toContain('core/ledger.ts');
  });

  it('core imports only core: no package, no Node module', () => {
    const wrong = sources
      .filter(({ path }) => path.startsWith('core/'))
      .flatMap(({ path, files, packages }) => [
        ...files.filter((file) => !file.startsWith('core/')).map((file) => `${path} -> ${file}`),
        ...packages.map((name) => `${path} -> ${name}`),
      ]);
    expect(wrong).toEqual([]);
  });

  it('core asks ports for time and chance', () => {
    const wrong = sources
      .filter(({ path }) => path.startsWith('core/'))
      .filter(({ text }) =>
        /Date\.now|new Date\(\)|Math\.random|setTimeout\(|setInterval\(|performance\.now|process\.(env|hrtime|on|exit|cwd)/.test(
          text,
        ),
      );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('strategies of the core do not know each other; they meet in the files at its root', () => {
    const strategies = [
      'account',
      'advice',
      'alerts',
      'circuit',
      'content',
      'cost',
      'deferral',
      'fallback',
      'fleet',
      'metrics',
      'pacing',
      'parts',
      'retry',
      'route',
      'stream',
      'timeout',
    ];
    const strategyOf = (path: string) => strategies.find((name) => path.startsWith(`core/${name}/`));
    const wrong = sources.flatMap(({ path, files }) =>
      files
        .filter((file) => strategyOf(path) && strategyOf(file) && strategyOf(path) !== strategyOf(file))
        .map((file) => `${path} -> ${file}`),
    );
    expect(wrong).toEqual([]);
  });

  it('adapters lean on core, and on nothing above', () => {
    const wrong = sources
      .filter(({ path }) =>
        /^(anthropic|bullmq|cloudwatch|mail|opentelemetry|prometheus|runtime|sqlite|system|webhook)\//.test(path),
      )
      .flatMap(({ path, files }) =>
        files.filter((file) => /^(nest|http|testing)\//.test(file)).map((file) => `${path} -> ${file}`),
      );
    expect(wrong).toEqual([]);
  });

  it('http stands below nest, which puts it together', () => {
    const wrong = sources.filter(
      ({ path, files }) => path.startsWith('http/') && files.some((file) => file.startsWith('nest/')),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('nothing but testing imports testing', () => {
    const wrong = sources.filter(
      ({ path, files }) => !path.startsWith('testing/') && files.some((file) => file.startsWith('testing/')),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('the client imports only itself, and nobody imports it: it runs in browsers', () => {
    const wrong = sources.flatMap(({ path, files, packages }) => [
      ...files.filter((file) => isClient(path) !== isClient(file)).map((file) => `${path} -> ${file}`),
      ...(isClient(path) ? packages.map((name) => `${path} -> ${name}`) : []),
    ]);
    expect(wrong).toEqual([]);
    const platform = sources.filter(
      ({ path, text }) => isClient(path) && /setTimeout\(|Math\.random|Date\.now|process\.|Buffer\./.test(text),
    );
    expect(platform.map(({ path }) => path)).toEqual(['client/system-timer.ts']);
  });

  it('packages are imported only where they belong', () => {
    const wrong = sources
      .filter(({ path }) => !path.startsWith('core/'))
      .flatMap(({ path, packages }) =>
        packages
          .filter((name) => !name.startsWith('node:'))
          .filter(
            (name) => !(OWNERS[packageOf(name)] ?? []).some((owner) => path === owner || path.startsWith(`${owner}/`)),
          )
          .map((name) => `${path} -> ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it('nobody inside imports the public door', () => {
    expect(sources.filter(({ files }) => files.includes('index.ts')).map(({ path }) => path)).toEqual([]);
  });

  it('imports make no circle', () => {
    expect(findCircle(new Map(sources.map(({ path, files }) => [path, files])))).toBeUndefined();
  });

  it('the environment is read in one file of the application', () => {
    const application = readSources(join(ROOT, 'src'));
    const readers = [...sources, ...application].filter(({ text }) => text.includes('process.env'));
    expect(readers.map(({ path }) => path)).toEqual(['main.ts']);
  });

  it('file names say what is in them', () => {
    const vague = /(^|[/.-])(utils?|helpers?|common|misc|types|constants|manager)([.-]|\.ts$)/;
    expect(sources.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([]);
  });
});

function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      // Types count too: an arrow that points the wrong way is wrong whether or not it survives compilation.
      const specifiers = [...text.matchAll(/(?:from|import)\s+'([^']+)'|import\('([^']+)'\)/g)].map(
        (m) => m[1] ?? m[2] ?? '',
      );
      const toPath = (specifier: string) =>
        relative(folder, resolve(dirname(join(folder, path)), specifier.replace(/\.js$/, '.ts')));
      return {
        path,
        text,
        files: specifiers.filter(isFile).map(toPath),
        packages: specifiers.filter((specifier) => !isFile(specifier)),
      };
    });
}

function isFile(specifier: string): boolean {
  return specifier.startsWith('.');
}

function findCircle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    done.add(path);
    for (const next of imports.get(path) ?? []) {
      const circle = visit(next, [...trail, path]);
      if (circle !== undefined) return circle;
    }
    return undefined;
  };
  for (const path of imports.keys()) {
    const circle = visit(path, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
