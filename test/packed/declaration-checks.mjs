import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declarationTree, importedPackages } from './imported-packages.mjs';
import { filesOf, packageFolder, readManifest } from './installed-package.mjs';

/** An option of each library whose documentation users see in their editor, and a part of it. */
const DOCUMENTED = {
  'nestjs-claude-resilience': { option: 'timeoutMs', says: '@default 60_000' },
  'claude-api-simulator': { option: 'latencyMs', says: '@default 40' },
};

/** What the declarations say, and what declarations and code import. */
export async function checkDeclarations(checks, app, name) {
  const folder = packageFolder(app, name);
  const manifest = readManifest(app, name);
  const { peerDependencies = {}, peerDependenciesMeta = {}, dependencies = {} } = manifest;
  const declared = Object.keys({ ...dependencies, ...peerDependencies });
  const required = declared.filter((peer) => !peerDependenciesMeta[peer]?.optional);
  const pathsOf = (ending) =>
    filesOf(app, name)
      .filter((file) => file.endsWith(ending))
      .map((file) => join(folder, file));

  const { option, says } = DOCUMENTED[name];
  await checks.check(`${name}: the documentation of ${option} is in its declaration`, () => {
    const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*(?:readonly )?${option}\\?:`);
    const comments = pathsOf('.d.ts').map((file) => comment.exec(readFileSync(file, 'utf8'))?.[1] ?? '');
    assert.ok(
      comments.some((text) => text.includes(says)),
      `no ${option} is documented with "${says}"`,
    );
  });

  await checks.check(`${name}: the types of the root import required peers only`, () => {
    const imported = importedPackages(declarationTree(join(folder, manifest.exports['.'].types)));
    assert.deepEqual([...imported].filter((other) => !required.includes(other)).sort(), []);
  });

  await checks.check(`${name}: the code imports declared packages only`, () => {
    const imported = importedPackages(pathsOf('.js'));
    assert.deepEqual([...imported].filter((other) => !declared.includes(other)).sort(), []);
  });
}
