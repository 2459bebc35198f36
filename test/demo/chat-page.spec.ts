import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { A_QUESTION } from '../../src/demo/sample-requests.js';
import { parseEvents } from '../../src/demo/server-sent-event.js';
import { RunningDemo } from './running-demo.js';

const BREAK = '/demo/break-next-stream';

describe('the page of the chat', () => {
  let demo: RunningDemo;
  let page: Response;
  let html: string;

  beforeAll(async () => {
    // The key of a simulator that the application itself has started.
    demo = await RunningDemo.start({ apiKey: 'simulator', simulator: { stream: { delayMs: 0 } } });
    page = await fetch(`${demo.url}/`);
    html = await page.text();
  });
  afterAll(() => demo.stop());

  it('is a page that nobody keeps', () => {
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('runs only what came with it, by a nonce of its own', async () => {
    const policy = page.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([\w+/]{22}==)'/.exec(policy)?.[1];
    expect(nonce).toBeDefined();
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(html.match(/<(script|style)\b[^>]*>/g)).toEqual([`<style nonce="${nonce}">`, `<script nonce="${nonce}">`]);
    expect(html).not.toMatch(/\s(on\w+|style)="/);
    const next = await fetch(`${demo.url}/`);
    expect(next.headers.get('content-security-policy')).not.toContain(nonce);
  });

  it('fetches nothing from anywhere else, and makes no markup of texts', () => {
    expect(html).not.toMatch(
      /https?:\/\/|src="|href="(?!data:|\.\/"|summaries")|@import|url\(|innerHTML|insertAdjacentHTML|eval\(/,
    );
  });

  it('can be used without eyes, without a mouse and without script', () => {
    expect(html).toContain('<p id="status" role="status"></p>');
    expect(html).toContain('<label for="question">');
    expect(html).toContain('<noscript>');
    expect(html).toContain('width=device-width');
    expect(html).toContain('color-scheme: light dark');
    expect(html).toContain('@media print');
  });

  it('its script is a script', () => {
    const script = /<script nonce="[^"]+">([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
    expect(script.length).toBeGreaterThan(1_000);
    expect(() => new Function(script)).not.toThrow();
  });

  it('can break the next answer, once, where the simulator is its own', async () => {
    expect(html).toContain('id="break"');
    expect((await demo.post(BREAK, {})).status).toBe(204);
    const names: number[] = [];
    for (let answer = 0; answer < 2; answer++) {
      const events = parseEvents(await (await demo.post(A_QUESTION.path, A_QUESTION.body)).text());
      expect(events.at(-1)?.name).toBe('done');
      names.push(events.filter(({ name }) => name === 'notice').length);
    }
    expect(names).toEqual([1, 0]);
  });

  it('breaks nothing of anybody else’s', async () => {
    const other = await RunningDemo.start({ apiKey: 'a key of somebody' });
    expect(await (await fetch(`${other.url}/`)).text()).not.toContain('id="break"');
    const response = await other.post(BREAK, {});
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' });
    expect(other.simulator.scenario.list()).toEqual([]);
    await other.stop();
  });
});
