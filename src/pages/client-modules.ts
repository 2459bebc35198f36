import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** One module; declarations and tests have another dot in their names. */
const MODULE = /^[\w-]+\.(js|ts)$/;

/** The library's client for browsers, module by module, as the package ships it: `index.js`, and what that imports. */
export function readClientModules(): ReadonlyMap<string, string> {
  const folder = new URL('./', import.meta.resolve('nestjs-claude-resilience/client'));
  const files = readdirSync(folder).filter((file) => MODULE.test(file));
  return new Map(files.map((file) => [file.replace(/ts$/, 'js'), javaScriptIn(new URL(file, folder))]));
}

/** Tests run the library from its sources: of those only the types are taken away. */
function javaScriptIn(file: URL): string {
  const text = readFileSync(file, 'utf8');
  return file.pathname.endsWith('.ts') ? stripTypeScriptTypes(text, { mode: 'transform' }) : text;
}
