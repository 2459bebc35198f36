import type { Catalogue } from './catalogue.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { ja } from './ja.js';

/** The languages that come with the module, by BCP 47 tag. */
export const CLAUDE_CATALOGUES: Readonly<Record<'de' | 'en' | 'es' | 'fr' | 'ja', Catalogue>> = Object.freeze({
  de,
  en,
  es,
  fr,
  ja,
});
