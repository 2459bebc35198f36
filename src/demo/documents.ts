import { readFileSync } from 'node:fs';

/** Files of `src/documents`, all in the public domain. */
export const DOCUMENTS = {
  'lincoln-second-inaugural': 'Abraham Lincoln, Second Inaugural Address (1865)',
  'pride-and-prejudice': 'Jane Austen, Pride and Prejudice (1813), the opening',
  'moby-dick': 'Herman Melville, Moby-Dick (1851), the opening',
  'alice-in-wonderland': "Lewis Carroll, Alice's Adventures in Wonderland (1865), the opening",
} as const;

export type DocumentName = keyof typeof DOCUMENTS;

/** The compiler copies no text files; `src` is as far from here as it is from `dist/demo`. */
const FOLDER = new URL('../../src/documents/', import.meta.url);

export function readDocument(name: DocumentName): string {
  return readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8').trim();
}
