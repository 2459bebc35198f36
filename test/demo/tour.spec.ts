import { expect, it } from '@jest/globals';
import { runProgram } from '../../src/program.js';

/** It waits as long as a Retry-After and a cool-down say, as users would; a busy disk may take as long again. */
const TIMEOUT_MS = 120_000;

it(
  'plays the whole tour as announced, and ends with 0',
  async () => {
    let out = '';
    let watching: Promise<string> | undefined;
    const write = (text: string) => {
      out += text;
      // Somebody has the page open from the beginning, by the link that is printed.
      watching ??= watch(out);
    };
    const exitCode = await runProgram({
      args: ['--tour', '--exit'],
      // The tour shows a line of the log: this level would leave it out.
      env: { PORT: '0', LOG_LEVEL: 'silent' },
      out: { write },
      err: { write: (text) => void (out += text) },
      isColoured: false,
      stop: new AbortController().signal,
    });
    // The lines alone: a report of the whole text would be cut before them.
    expect(out.split('\n').filter((line) => line.includes('✗'))).toEqual([]);
    expect(out).toContain('10 of 10 steps went as announced');
    expect(exitCode).toBe(0);
    expect(out).toContain('action: "Check the API key');
    // Plain text, and nothing of the log in between.
    expect(out).not.toContain('\u001B');
    expect(out).not.toContain('"level":');
    expect(out).toMatch(/Watch it on the dashboard: http:.*\/claude\/dashboard#token=[\w-]{24}\n/);
    expect(out).toMatch(/alert: "trigger"[^]*severity: "critical"[^]*alert: "resolve"/);
    expect(out).toMatch(/claude_cost_usd_total\{workflow="summarisation",model="claude-sonnet-5-5"\} 0\.\d+/);
    // Who sees nothing but the page can tell the story.
    const story = (await watching) ?? '';
    const chapters = [
      /"title":"OK: Claude answers, and all is well"/,
      /"title":"Degraded: Claude is overloaded for summarisation since \d\d:\d\d UTC"/,
      /Circuit opened.*calls failed \(overload, 529\)/,
      /Users get the original text with a note\./,
      /Circuit closed.*The probe was answered\./,
      /Account stopped.*API key refused, 401/,
    ];
    expect(chapters.filter((chapter) => !chapter.test(story))).toEqual([]);
  },
  TIMEOUT_MS,
);

/** All that the page is told, to its end; `undefined` before its address is known. */
function watch(out: string): Promise<string> | undefined {
  const [, url, token] = /dashboard: (\S+)#token=(\S+)\n/.exec(out) ?? [];
  if (url === undefined || token === undefined) return undefined;
  const headers = { authorization: `Bearer ${token}` };
  return fetch(`${url}/events`, { headers }).then((response) => response.text());
}
