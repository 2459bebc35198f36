import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { findProgram } from '../services/support/server-process.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nothing of it calls home; QUIC and a sandbox are of no use in a container. */
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser with an empty profile, and all that went wrong in it. */
export class Browser {
  /** Errors on consoles, of scripts and of policies, and requests to anybody but `origin`. */
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly profile: string,
    private readonly origin: string,
  ) {}

  /** @returns where a browser is; `undefined` when there is none on this machine @throws then, with `REQUIRE_SERVICES=1` */
  static find(): string | undefined {
    return findProgram('chromium', PLACES);
  }

  static async start(executablePath: string, origin: string, options: BrowserContextOptions = {}): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'claude-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: ARGS,
      locale: 'de',
      ...options,
    });
    return new Browser(context, profile, origin);
  }

  /** A page of its own, with a store of its own. */
  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    const complain = (what: string) => void this.complaints.push(what);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complain(`console: ${message.text()}`);
    });
    page.on('dialog', (dialog) => {
      complain(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', ({ message }) => complain(`script: ${message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.origin !== this.origin) complain(`request to ${url.origin}`);
    });
    await page.goto(`${this.origin}${path}`);
    return page;
  }

  async stop(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
