import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf, TSCONFIG } from './app-recipes.mjs';
import { codeEntries, readManifest } from './installed-package.mjs';
import { LIBRARIES } from './pack-libraries.mjs';
import { runCommand } from './run-command.mjs';

/** Starts the module of the example on a port of its choice; without top-level `await`, which CommonJS has not. */
const MAIN = `import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  await app.listen(0, '127.0.0.1');
  console.log(\`The app listens on \${await app.getUrl()}\`);
}

void bootstrap();
`;

/** An app with nothing in it but what it depends on. */
export async function installApp(folder, recipe, tarballs) {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeJson(join(folder, 'package.json'), manifestOf(recipe, tarballs));
  writeJson(join(folder, 'tsconfig.json'), TSCONFIG);
  // Any conflict of peers is an error here, whatever the machine's own npm settings are.
  const peersAsTheyAre = ['--strict-peer-deps', '--no-legacy-peer-deps', '--no-force'];
  await runCommand('npm', ['install', '--no-audit', '--no-fund', ...peersAsTheyAre], folder);
}

/** A second copy of Nest would inject nothing into the first. */
export function assertOneNest(folder, { nest }) {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/@nestjs/core/package.json'), 'utf8'));
  assert.equal(version.split('.')[0], nest);
  for (const name of Object.keys(LIBRARIES)) {
    assert.ok(!existsSync(join(folder, 'node_modules', name, 'node_modules')), `${name} has packages of its own`);
  }
}

/** Type-checks and compiles the example, and every entry of the tarballs beside it. */
export async function compileApp(folder, source) {
  writeFileSync(join(folder, 'src/main.ts'), MAIN);
  writeFileSync(join(folder, 'src/app.module.ts'), source);
  const entries = Object.keys(LIBRARIES).flatMap((name) => codeEntries(readManifest(folder, name)));
  const everyEntry = entries.map((entry, index) => `export * as entry${index} from '${entry}';\n`);
  writeFileSync(join(folder, 'src/every-entry.ts'), everyEntry.join(''));
  await runCommand(join(folder, 'node_modules/.bin/tsc'), ['-p', '.'], folder);
}

function writeJson(path, value) {
  writeFileSync(path, JSON.stringify(value, null, 2));
}
