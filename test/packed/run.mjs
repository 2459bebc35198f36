/**
 * Are the packages right as users get them? Packs both libraries, installs the tarballs into empty apps with their peers
 * from the registry, and uses them there. Needs a build and the registry: `npm run build && node test/packed/run.mjs`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { APP_RECIPES } from './app-recipes.mjs';
import { CheckList } from './check-list.mjs';
import { checkDeferredRequest } from './deferred-request-check.mjs';
import { checkDeclarations } from './declaration-checks.mjs';
import { assertOneNest, compileApp, installApp } from './empty-app.mjs';
import { checkEntries } from './entry-checks.mjs';
import { firstExample } from './first-example.mjs';
import { LIBRARIES, packLibraries } from './pack-libraries.mjs';
import { checkServedApp, checkSimulatorCommand } from './served-app-checks.mjs';
import { checkTarball } from './tarball-checks.mjs';
import { checkTelemetryWithoutPeers, checkTelemetryWithPeers } from './telemetry-checks.mjs';

const workspace = resolve(import.meta.dirname, '../..');
const workplace = mkdtempSync(join(tmpdir(), 'packed-'));
process.once('exit', () => rmSync(workplace, { recursive: true, force: true }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const checks = new CheckList();
try {
  await checkPackages();
} catch (error) {
  await checks.check('all checks could run', () => Promise.reject(error));
}
console.log(checks.summary);
process.exitCode = checks.hasFailed ? 1 : 0;

async function checkPackages() {
  const source = await checks.check('the README has its first example between the markers', () =>
    firstExample(workspace),
  );
  const tarballs = await checks.check('both libraries pack', () => packLibraries(workspace, workplace));
  if (tarballs === undefined) return;
  let areTarballsChecked = false;
  for (const recipe of APP_RECIPES) {
    const app = join(workplace, recipe.folder);
    const { name } = recipe;
    const isInstalled = await checks.check(`${name}: the tarballs install with their peers, without force`, () =>
      installApp(app, recipe, tarballs),
    );
    if (!isInstalled) continue;
    await checks.check(`${name}: there is one Nest, and no second copy`, () => assertOneNest(app, recipe));
    if (!areTarballsChecked) await checkTarballs(app);
    areTarballsChecked = true;
    if (source === undefined) continue;
    const isCompiled = await checks.check(`${name}: the first example compiles, declarations checked`, () =>
      compileApp(app, source),
    );
    if (!isCompiled) continue;
    await checkServedApp(checks, name, app);
    await checkDeferredRequest(checks, name, app);
    await checkTelemetryWithoutPeers(checks, name, app);
    if (recipe !== APP_RECIPES[0]) continue;
    await checkSimulatorCommand(checks, app);
    await checkTelemetryWithPeers(checks, name, app);
  }
}

async function checkTarballs(app) {
  for (const [name, folder] of Object.entries(LIBRARIES)) {
    await checkTarball(checks, app, name, join(workspace, folder));
    await checkEntries(checks, app, name);
    await checkDeclarations(checks, app, name);
  }
}
