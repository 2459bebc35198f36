/** Retry policies side by side, in virtual time: `npm run bench:goodput -- --help`. */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import type { goodput as Goodput } from './goodput.js';

// Imports name the files that a build makes; here the sources are read as they are.
registerHooks({
  resolve: (name, context, next) =>
    next(context.parentURL?.endsWith('.ts') && name.startsWith('.') ? name.replace(/\.js$/, '.ts') : name, context),
  load: (url, context, next) =>
    url.endsWith('.ts')
      ? {
          format: 'module',
          shortCircuit: true,
          source: stripTypeScriptTypes(readFileSync(new URL(url), 'utf8'), { mode: 'transform' }),
        }
      : next(url, context),
});
const name = './goodput.ts';
const { goodput } = (await import(name)) as { goodput: typeof Goodput };
await goodput(process.argv.slice(2), (text) => process.stdout.write(text));
