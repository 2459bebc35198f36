import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SUMMARY_INSTRUCTION } from '../../src/summaries/summary-prompt.js';
import { RunningDemo } from './running-demo.js';

const OVERLOAD = '/demo/overload-summaries';

describe('the page of summaries', () => {
  let demo: RunningDemo;
  let page: Response;
  let html: string;

  beforeAll(async () => {
    // The key of a simulator that the application itself has started.
    demo = await RunningDemo.start({ apiKey: 'simulator' });
    page = await fetch(`${demo.url}/summaries`);
    html = await page.text();
  });
  afterAll(() => demo.stop());

  it('is a page like that of the chat, and as strict', async () => {
    const chat = await fetch(`${demo.url}/`);
    for (const name of ['content-type', 'cache-control', 'x-content-type-options', 'referrer-policy'])
      expect(page.headers.get(name)).toBe(chat.headers.get(name));
    expect(page.status).toBe(200);
    expect(policyOf(page)).toContain("default-src 'none'; script-src 'nonce'; ");
    expect(policyOf(page)).toBe(policyOf(chat));
  });

  it('makes no markup of texts, and can be used without eyes and without script', () => {
    expect(html).not.toMatch(/https?:\/\/|src="|\son\w+="|style="|innerHTML|insertAdjacentHTML|eval\(/);
    expect(html).toContain('<p id="news" class="sr" role="status"></p>');
    expect(html).toContain('<label for="document">');
    expect(html).toContain('<noscript>');
  });

  it('has the library’s client: all that index.js imports, as modules', async () => {
    const seen = new Set<string>();
    const follow = async (url: string): Promise<void> => {
      if (seen.has(url)) return;
      seen.add(url);
      const response = await fetch(url);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
      const text = await response.text();
      const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => new URL(name ?? '', url).href);
      await Promise.all(imported.map(follow));
    };
    await follow(new URL(/from '([^']+)'/.exec(html)?.[1] ?? '', page.url).href);
    expect(seen.size).toBeGreaterThan(10);
    expect([...seen].every((url) => url.startsWith(`${demo.url}/client/`))).toBe(true);
  });

  it.each(['nothing.js', 'index.ts', 'sse-parser.spec.js', '..%2findex.js', '%2e%2e%2findex.js', ''])(
    'serves no other file: %j',
    async (file) => {
      const response = await fetch(`${demo.url}/client/${file}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        404,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
    },
  );

  it('can overload summaries for a while, where the simulator is its own', async () => {
    expect(html).toContain('id="overload"');
    expect((await demo.post(OVERLOAD, {})).status).toBe(204);
    expect(demo.simulator.scenario.list()).toMatchObject([
      { rule: { fault: 'overloaded', when: { promptIncludes: SUMMARY_INSTRUCTION }, untilMs: 8_000 } },
    ]);
  });

  it('breaks nothing of anybody else’s', async () => {
    const other = await RunningDemo.start({ apiKey: 'a key of somebody' });
    expect(await (await fetch(`${other.url}/summaries`)).text()).not.toContain('id="overload"');
    expect((await other.post(OVERLOAD, {})).status).toBe(404);
    expect(other.simulator.scenario.list()).toEqual([]);
    await other.stop();
  });
});

function policyOf({ headers }: Response): string | undefined {
  return headers.get('content-security-policy')?.replaceAll(/nonce-[^']+/g, 'nonce');
}
