import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, packageFolder, readManifest } from './installed-package.mjs';

const NOT_FOR_USERS = [/\.spec\./, /\.tsbuildinfo$/, /(?<!\.d)\.ts$/, /\.map$/, /^src\//, /(^|\/)\.[^/]+$/];

/** What is in the tarball, and what is not. @param source folder of the library in the workspace */
export async function checkTarball(checks, app, name, source) {
  const files = filesOf(app, name);
  const folder = packageFolder(app, name);
  const manifest = readManifest(app, name);

  await checks.check(`${name}: README.md, LICENSE and package.json are in the tarball`, () => {
    for (const file of ['README.md', 'LICENSE', 'package.json']) {
      assert.ok(files.includes(file), `${file} is missing`);
      assert.notEqual(readFileSync(join(folder, file), 'utf8').trim(), '', `${file} is empty`);
    }
  });

  await checks.check(`${name}: no spec, source, map, build info or hidden file is in the tarball`, () => {
    assert.deepEqual(
      files.filter((file) => NOT_FOR_USERS.some((pattern) => pattern.test(file))),
      [],
    );
  });

  await checks.check(`${name}: every file of dist has a source still`, () => {
    const compiled = files.filter((file) => /^dist\/.*\.(js|d\.ts)$/.test(file));
    assert.notEqual(compiled.length, 0, 'nothing is built');
    assert.deepEqual(
      compiled.filter((file) => !sourcesOf(file).some((path) => existsSync(join(source, path)))),
      [],
    );
  });

  await checks.check(`${name}: every file that package.json names is in the tarball`, () => {
    const { types, bin = {}, exports } = manifest;
    const named = [types, ...Object.values(bin), ...Object.values(exports).flatMap(targetsOf)];
    assert.deepEqual(
      named.filter((target) => !files.includes(target.replace(/^\.\//, ''))),
      [],
    );
  });
}

/** Where a file of dist may come from: compiled from TypeScript, or copied. */
function sourcesOf(file) {
  const copied = file.replace(/^dist/, 'src');
  return [copied.replace(/\.(js|d\.ts)$/, '.ts'), copied];
}

/** A target of the exports map is a path, or an object of targets by condition. */
function targetsOf(target) {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(targetsOf);
}
