import type { ServerResponse } from 'node:http';
import { Controller, Get, Res } from '@nestjs/common';
import { AppSettings } from '../app.settings.js';
import { embeddedSimulatorUrl } from '../demo/embedded-simulator.js';
import { servePage } from '../pages/serve-page.js';
import { chatPage } from './chat-page.js';

/** The page to try the chat on. */
@Controller()
export class ChatPageController {
  constructor(private readonly settings: AppSettings) {}

  @Get()
  page(@Res({ passthrough: true }) response: ServerResponse): string {
    const canBreak = embeddedSimulatorUrl(this.settings) !== undefined;
    return servePage(response, (nonce) => chatPage({ nonce, canBreak }));
  }
}
