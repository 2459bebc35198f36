import { Controller, HttpCode, Post } from '@nestjs/common';
import type { FaultRule } from 'claude-api-simulator';
import { AppSettings } from '../app.settings.js';
import { breakSimulator } from './embedded-simulator.js';

/** Far enough into the answer that everybody sees it break. */
const CUT: FaultRule = { fault: 'stream_reset', afterEvents: 25, count: 1 };

/** For people who want to see a connection break; only where the API is a simulator of this process. */
@Controller('demo')
export class BreakNextStreamController {
  constructor(private readonly settings: AppSettings) {}

  /** The next streamed answer is cut in the middle, once. */
  @Post('break-next-stream')
  @HttpCode(204)
  breakNextStream(): Promise<void> {
    return breakSimulator(this.settings, CUT);
  }
}
