import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, Res, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import {
  CLAUDE_CATALOGUES,
  ClaudeCatalogueWording,
  ClaudeFallback,
  ClaudeFallbackHandler,
  ClaudeFallbackProvider,
  ClaudeResilienceService,
  type Catalogue,
  type FallbackContext,
} from 'nestjs-claude-resilience';
import { PARAMS, useSimulator } from './support/simulator.js';
import { closeApps, startApp } from './support/start-app.js';

const simulator = useSimulator();
afterEach(closeApps);

const ONCE = { maxRetries: 0 };
const claudeOptions = () => ({
  apiKey: 'sk-ant-test-key',
  baseURL: simulator.api.url,
  retry: { rateLimited: ONCE, overloaded: ONCE },
  circuit: false as const,
  features: { translation: {} },
});

@Controller()
class Translations {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('translations')
  @ClaudeFallback('translation')
  async translate() {
    return { role: (await this.claude.messages.create(PARAMS)).role };
  }

  /** A call inside a call inside a handler. */
  @Post('nested')
  @ClaudeFallback('translation')
  nested() {
    return this.claude.run('translation', () => this.claude.run('outline', () => this.claude.messages.create(PARAMS)));
  }

  @Get('cached')
  @ClaudeFallback('translation')
  async cached(@Res({ passthrough: true }) response: { header(name: string, value: string): unknown }) {
    response.header('Vary', 'Cookie');
    return { role: (await this.claude.messages.create(PARAMS)).role };
  }
}

@Controller()
class Summaries {
  constructor(private readonly claude: ClaudeResilienceService) {}

  @Post('summaries')
  @ClaudeFallback('summarisation')
  async summarise(@Body() _body: { document: string }) {
    return { role: (await this.claude.messages.create(PARAMS)).role };
  }
}

/** A fallback with words of its own. */
@ClaudeFallbackProvider('outline')
class OutlineFallback extends ClaudeFallbackHandler<unknown, { text: string }> {
  answer(_input: unknown, { locale }: FallbackContext) {
    return { text: `outline, ${locale}` };
  }
}

/** Middleware speaks to the response of Node's, also on Fastify. */
@Module({})
class Below implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply((_request: unknown, response: ServerResponse, next: () => void) => {
        response.setHeader('Vary', 'Origin, Accept-Encoding');
        next();
      })
      .forRoutes('*all');
  }
}

describe.each(['express', 'fastify'] as const)('in the words of the reader, on %s (R27)', (adapter) => {
  const start = () => startApp({ adapter, claude: claudeOptions(), controllers: [Translations] });

  // oxfmt-ignore
  it.each<[wish: string | undefined, locale: string, message: string]>([
    [undefined,                  'en', 'We are handling many requests right now. Please try again in about 42 seconds.'],
    ['nl, xx;q=5, <script>',     'en', 'We are handling many requests right now. Please try again in about 42 seconds.'],
    ['en-GB,en;q=0.9,de;q=0.8',  'en', 'We are handling many requests right now. Please try again in about 42 seconds.'],
    ['de-CH, en;q=0.5',          'de', 'Im Moment erreichen uns sehr viele Anfragen. Bitte versuchen Sie es in etwa 42 Sekunden noch einmal.'],
    ['en;q=0.1, fr-CA;q=0.9',    'fr', 'Nous recevons de nombreuses demandes en ce moment. Veuillez réessayer dans environ 42 secondes.'],
    ['es-419',                   'es', 'En este momento estamos atendiendo muchas solicitudes. Por favor, inténtelo de nuevo dentro de unos 42 segundos.'],
    ['ja',                       'ja', 'ただいま大変混み合っています。約42秒後に、もう一度お試しください。'],
  ])('Accept-Language %j: %s', async (wish, locale, message) => {
    const { post } = await start();
    simulator.api.scenario.set([{ fault: 'rate_limited', retryAfterSeconds: 42 }]);
    // The client of Node sends `*` by itself.
    const answer = await post('/translations', {}, wish === undefined ? {} : { 'accept-language': wish });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-language')).toBe(locale);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('retry-after')).toBe('42');
    expect(answer.headers.get('vary')).toBe('Accept-Language');
    expect(answer.body).toMatchObject({ message, detail: message, code: 'CLAUDE_RATE_LIMITED', retryAfterSeconds: 42 });
  });

  it('a header of thousands of languages is answered, too', async () => {
    const { post } = await start();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const wish = `fr, ${'nl;q=0.5, '.repeat(800)}`;
    const answer = await post('/translations', {}, { 'accept-language': wish });
    expect([answer.status, answer.headers.get('content-language')]).toEqual([503, 'fr']);
  });

  it('an answer that was served says nothing of languages', async () => {
    const { post } = await start();
    const answer = await post('/translations', {}, { 'accept-language': 'de' });
    expect(answer.body).toEqual({ role: 'assistant' });
    expect([answer.headers.get('content-language'), answer.headers.get('vary')]).toEqual([null, null]);
  });

  it('what a handler said in Vary stays', async () => {
    const { get } = await start();
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await get('/cached');
    expect([answer.status, answer.headers.get('vary')]).toEqual([503, 'Cookie, Accept-Language']);
  });

  it('what middleware said in Vary stays', async () => {
    const { post } = await startApp({
      adapter,
      claude: claudeOptions(),
      controllers: [Translations],
      imports: [Below],
    });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await post('/translations', {}, { 'accept-language': 'de' });
    expect(answer.headers.get('vary')).toBe('Origin, Accept-Encoding, Accept-Language');
  });
});

describe.each(['express', 'fastify'] as const)('beside answers of a fallback, on %s (R29)', (adapter) => {
  // oxfmt-ignore
  it.each<[wish: string, message: string, note: string]>([
    ['*',     'This is a simplified version. The full version will be available again soon.', 'This is the original text. A summary is not available right now.'],
    ['de-AT', 'Dies ist eine vereinfachte Version. Die vollständige Version steht Ihnen bald wieder zur Verfügung.', 'Dies ist der Originaltext. Eine Zusammenfassung ist derzeit nicht verfügbar.'],
    ['ja',    'これは簡易版です。通常版はまもなくご利用いただけるようになります。', 'こちらは元の文章です。要約は現在ご利用いただけません。'],
  ])('Accept-Language %j: %s', async (wish, message, note) => {
    const { post } = await startApp({ adapter, claude: claudeOptions(), controllers: [Summaries] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await post('/summaries', { document: 'long' }, { 'accept-language': wish });
    expect(answer.body).toEqual({ summary: 'long', note, message, degraded: true });
    expect(answer.headers.get('vary')).toBe('Accept-Language');
    expect(answer.headers.get('x-claude-outcome')).toBe('fallback');
  });

  it('the language reaches a fallback two calls further in', async () => {
    const claude = { ...claudeOptions(), features: { translation: {}, outline: {} } };
    const { post } = await startApp({ adapter, claude, controllers: [Translations], providers: [OutlineFallback] });
    simulator.api.scenario.set([{ fault: 'overloaded' }]);
    const answer = await post('/nested', {}, { 'accept-language': 'fr' });
    expect(answer.body).toMatchObject({
      value: { status: 'fallback', value: { text: 'outline, fr' }, message: CLAUDE_CATALOGUES.fr.fallback },
    });
  });
});

/** What is said by a wording, to a wish: beside a fallback's answer, of a failure, and in which language. */
const answerWith = async (wording: ClaudeCatalogueWording, wish: string) => {
  const claude = { ...claudeOptions(), wording };
  const { post } = await startApp({ claude, controllers: [Translations, Summaries] });
  simulator.api.scenario.set([{ fault: 'overloaded' }]);
  const fallback = await post('/summaries', { document: 'long' }, { 'accept-language': wish });
  const failure = await post('/translations', {}, { 'accept-language': wish });
  return [fallback.body.message, failure.body.message, failure.headers.get('content-language')];
};

describe('words of the application', () => {
  const italian: Catalogue = { ...CLAUDE_CATALOGUES.en, fallback: 'Questa è una versione semplificata.' };

  it('another language', async () => {
    const wording = new ClaudeCatalogueWording({ catalogues: { ...CLAUDE_CATALOGUES, it: italian } });
    expect(await answerWith(wording, 'it-IT')).toEqual([italian.fallback, italian.messages.overloaded.message, 'it']);
  });

  it('another default', async () => {
    const { messages, fallback } = CLAUDE_CATALOGUES.de;
    const wording = new ClaudeCatalogueWording({ defaultLocale: 'de' });
    expect(await answerWith(wording, 'nl')).toEqual([fallback, messages.overloaded.message, 'de']);
  });

  it('a wording that throws: the built-in one, and never an answer without words', async () => {
    class Speechless extends ClaudeCatalogueWording {
      override failureMessage(): string {
        throw new Error('no words');
      }
    }
    const { messages, fallback } = CLAUDE_CATALOGUES.fr;
    expect(await answerWith(new Speechless(), 'fr')).toEqual([fallback, messages.overloaded.message, 'fr']);
  });
});
