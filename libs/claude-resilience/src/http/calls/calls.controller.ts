import { Get, Inject, Param, Req, Res, UseFilters, type Type } from '@nestjs/common';
import type { CallTimeline } from '../../core/timeline/call-timeline.js';
import type { ClaudeRoute } from '../claude-route.js';
import type { OperatorAccess } from '../operator-access.js';
import { OperatorPageFilter } from '../operator-page.filter.js';
import { operatorRoute } from '../operator-route.js';
import { CallsDesk, type CallSummary } from './calls.desk.js';

export const CALLS_PATH = 'claude/calls';

/** The controllers of timelines of single calls (R36): one, or none. @throws {ClaudeInvalidOptionsError} */
export function callsControllers(route: ClaudeRoute | undefined, access: OperatorAccess): Type<unknown>[] {
  const decorate = operatorRoute('calls', route, CALLS_PATH, access);
  if (decorate === undefined) return [];

  // A class of its own for each application: path and guards are metadata of the class.
  @decorate
  class ClaudeCallsController {
    constructor(@Inject(CallsDesk) private readonly desk: CallsDesk) {}

    @Get()
    troubled(
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): { readonly calls: readonly CallSummary[] } {
      return this.desk.troubled({ request, response });
    }

    @Get(':correlationId')
    @UseFilters(OperatorPageFilter)
    tell(
      @Param('correlationId') correlationId: string,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): CallTimeline | string {
      return this.desk.tell(correlationId, { request, response });
    }
  }
  return [ClaudeCallsController];
}
