import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** What a file of code or declarations imports, in any form, as it is written there. */
function specifiersOf(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

/** `@scope/name` of `@scope/name/deep/path.js`. */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Names of the packages that files import. */
export function importedPackages(files) {
  const specifiers = files.flatMap(specifiersOf).filter((specifier) => !/^[./]/.test(specifier));
  return new Set(specifiers.filter((specifier) => !isBuiltin(specifier)).map(packageOf));
}

/** A declaration file and all that it leads to inside its package. */
export function declarationTree(root) {
  const tree = new Set([root]);
  for (const file of tree) {
    const relatives = specifiersOf(file).filter((specifier) => specifier.startsWith('.'));
    for (const specifier of relatives) tree.add(join(dirname(file), specifier.replace(/\.js$/, '.d.ts')));
  }
  return [...tree];
}
