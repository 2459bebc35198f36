import { describe, expect, it } from '@jest/globals';
import { ClaudeCatalogueWording } from './claude-catalogue-wording.js';
import { SafeWording } from './safe-wording.js';

const own = new ClaudeCatalogueWording();
const SENTENCES = [
  ['failureMessage', (wording: ClaudeCatalogueWording) => wording.failureMessage('overloaded', 'de')],
  ['fallbackMessage', (wording: ClaudeCatalogueWording) => wording.fallbackMessage('de')],
  ['originalTextNote', (wording: ClaudeCatalogueWording) => wording.originalTextNote('de')],
  ['progressMessage', (wording: ClaudeCatalogueWording) => wording.progressMessage({ phase: 'slow' }, 'de')],
  ['requestMessage', (wording: ClaudeCatalogueWording) => wording.requestMessage('taken', 'de')],
  ['localeFor', (wording: ClaudeCatalogueWording) => wording.localeFor('fr;q=1')],
] as const;

describe('an application that has words of its own', () => {
  it.each(SENTENCES)('%s: they are said', (name, say) => {
    const wording = Object.assign(new ClaudeCatalogueWording(), { [name]: () => 'own words' });
    expect(say(new SafeWording(wording) as never)).toBe('own words');
  });

  it.each(SENTENCES.flatMap(([name, say]) => [['throws', name, say] as const, ['is silent', name, say] as const]))(
    'that %s in %s: ours are said',
    (how, name, say) => {
      const broken = () => {
        if (how === 'throws') throw new Error('SECRET');
        return undefined as never;
      };
      const wording = Object.assign(new ClaudeCatalogueWording(), { [name]: broken });
      expect(say(new SafeWording(wording) as never)).toBe(say(own));
    },
  );
});
