import { Controller, HttpCode, Post } from '@nestjs/common';
import type { FaultRule } from 'claude-api-simulator';
import { AppSettings } from '../app.settings.js';
import { SUMMARY_INSTRUCTION } from '../summaries/summary-prompt.js';
import { breakSimulator } from './embedded-simulator.js';

/** Long enough to read what a page says meanwhile; in milliseconds. */
export const OVERLOAD_MS = 8_000;

const OVERLOAD: FaultRule = {
  fault: 'overloaded',
  when: { promptIncludes: SUMMARY_INSTRUCTION },
  untilMs: OVERLOAD_MS,
};

/** For people who want to see a summary wait; only where the API is a simulator of this process. */
@Controller('demo')
export class OverloadSummariesController {
  constructor(private readonly settings: AppSettings) {}

  /** The API is overloaded for a while, for summaries only. */
  @Post('overload-summaries')
  @HttpCode(204)
  overloadSummaries(): Promise<void> {
    return breakSimulator(this.settings, OVERLOAD);
  }
}
