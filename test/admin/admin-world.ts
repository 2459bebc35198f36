import { ClaudeQueue, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { ManualClock } from 'nestjs-claude-resilience/testing';
import { MemoryAlertSink } from '../../libs/claude-resilience/src/testing/memory-alert-sink.js';
import { PARAMS } from '../support/simulator.js';
import { startApp, type AppOptions } from '../support/start-app.js';

export const TOKEN = 'the-token-of-the-operators';
export const BEARER = { authorization: `Bearer ${TOKEN}` };
export const IN_BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
/** Who does it, and why. */
export const ANN = { by: 'ann', reason: 'Rehearsal.' };

/** An application with everything that hands can be laid on; nothing is asked of any API. */
export async function startAdmin(claude: AppOptions['claude'] = {}, options: Omit<AppOptions, 'claude'> = {}) {
  const clock = new ManualClock();
  const sink = new MemoryAlertSink('pager');
  const started = await startApp({
    clock,
    ...options,
    claude: {
      baseURL: 'http://127.0.0.1:9',
      operator: { token: TOKEN },
      queue: { driver: 'memory', deadlineMs: 60_000 },
      alerts: { sinks: [sink] },
      ...claude,
    },
  });
  const { app, url, post } = started;
  const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...IN_BROWSER, 'sec-fetch-site': 'same-origin', ...headers },
      body: new URLSearchParams(fields),
    });
  return {
    ...started,
    clock,
    sink,
    form,
    act: (place: string, body: object = ANN, headers: Record<string, string> = BEARER) =>
      post(`/claude/admin/${place}`, body, headers),
    /** What a browser has once somebody has signed in: its cookie, and the key of its forms. */
    signIn: async () => {
      const signedIn = await form('/claude/dashboard', { token: TOKEN });
      const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
      const page = await fetch(`${url}/claude/dashboard`, { headers: { ...IN_BROWSER, cookie } });
      const [, formKey = ''] = /name="formKey" value="([^"]+)"/.exec(await page.text()) ?? [];
      return { cookie, formKey };
    },
    /** A request that has expired while nobody worked. */
    deadLetter: async (feature = 'summarisation') => {
      const queue = app.get(ClaudeQueue);
      queue.pause();
      const ended = started.nextEvent('request.ended');
      const { requestId } = await app.get(ClaudeResilienceService).defer(PARAMS, { feature });
      await clock.advance(61_000);
      await ended;
      return requestId;
    },
  };
}

export type AdminApp = Awaited<ReturnType<typeof startAdmin>>;
