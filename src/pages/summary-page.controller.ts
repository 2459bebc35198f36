import type { ServerResponse } from 'node:http';
import { Controller, Get, Res } from '@nestjs/common';
import { AppSettings } from '../app.settings.js';
import { embeddedSimulatorUrl } from '../demo/embedded-simulator.js';
import { servePage } from './serve-page.js';
import { summaryPage } from './summary-page.js';

/** The page to try deferred requests on; what it sends goes to `POST /summaries`. */
@Controller('summaries')
export class SummaryPageController {
  constructor(private readonly settings: AppSettings) {}

  @Get()
  page(@Res({ passthrough: true }) response: ServerResponse): string {
    const canOverload = embeddedSimulatorUrl(this.settings) !== undefined;
    return servePage(response, (nonce) => summaryPage({ nonce, canOverload }));
  }
}
