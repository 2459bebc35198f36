import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A package as it came out of its tarball into an app. */
export const packageFolder = (app, name) => join(app, 'node_modules', name);

export function readManifest(app, name) {
  return JSON.parse(readFileSync(join(packageFolder(app, name), 'package.json'), 'utf8'));
}

/** Every file of it, relative to its folder. */
export function filesOf(app, name) {
  const folder = packageFolder(app, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** What an app imports, for each key of the exports map: `pkg`, `pkg/testing`, `pkg/package.json`. */
export const allEntries = ({ name, exports }) => Object.keys(exports).map((key) => key.replace(/^\./, name));

export const codeEntries = (manifest) => allEntries(manifest).filter((entry) => !entry.endsWith('.json'));
