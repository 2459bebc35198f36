import { randomBytes } from 'node:crypto';
import { Controller, Get, Header, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { AppSettings } from '../app.settings.js';
import { embeddedSimulatorUrl } from '../demo/embedded-simulator.js';
import { chatPage } from './chat-page.js';

/** The page to try the chat on. */
@Controller()
export class ChatPageController {
  constructor(private readonly settings: AppSettings) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  page(@Res({ passthrough: true }) response: ServerResponse): string {
    const nonce = randomBytes(16).toString('base64');
    response.setHeader('Content-Security-Policy', policyWith(nonce));
    return chatPage({ nonce, canBreak: embeddedSimulatorUrl(this.settings) !== undefined });
  }
}

/** Only what came with the page runs, and it talks only to where it came from. */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
