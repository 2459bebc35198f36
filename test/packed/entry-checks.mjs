import { allEntries, codeEntries, readManifest } from './installed-package.mjs';
import { runCommand } from './run-command.mjs';

/** Every entry is loaded in a process of its own, from inside the app. */
export async function checkEntries(checks, app, name) {
  const manifest = readManifest(app, name);
  for (const entry of allEntries(manifest)) {
    const options = entry.endsWith('.json') ? "{ with: { type: 'json' } }" : '{}';
    await checks.check(`${entry}: import works`, () =>
      evaluate(app, `const entry = await import('${entry}', ${options}); ${FAIL_IF_EMPTY}`),
    );
  }
  for (const entry of codeEntries(manifest)) {
    await checks.check(`${entry}: require works and gives the same classes as import`, () =>
      evaluate(app, `const entry = require('${entry}'); ${FAIL_IF_EMPTY} ${failIfOther(entry)}`, 'commonjs'),
    );
  }
}

const FAIL_IF_EMPTY = "if (Object.keys(entry).length === 0) throw new Error('it exports nothing');";

const failIfOther = (entry) => `import('${entry}').then((imported) => {
  const others = Object.keys(imported).filter((key) => imported[key] !== entry[key]);
  if (others.length > 0) throw new Error('a second copy of ' + others.join(', '));
});`;

function evaluate(app, code, inputType = 'module') {
  return runCommand(process.execPath, [`--input-type=${inputType}`, '--eval', code], app);
}
