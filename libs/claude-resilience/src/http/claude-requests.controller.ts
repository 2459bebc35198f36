import type { StreamableFile } from '@nestjs/common';
import {
  Controller,
  Delete,
  Get,
  Inject,
  Param,
  Req,
  Res,
  UseGuards,
  VERSION_NEUTRAL,
  type CanActivate,
  type Type,
} from '@nestjs/common';
import { readRoute, type ClaudeRoute } from './claude-route.js';
import { DeferredRequestsDesk } from './deferred-requests.desk.js';

/** Where requests are before an application moves them. */
export const REQUESTS_PATH = 'claude/requests';

/**
 * The routes of deferred requests: look, follow, cancel. A class for each application, since path and guards are metadata of
 * the class. @throws {ClaudeInvalidOptionsError}
 */
export function requestsControllers(route: ClaudeRoute | undefined): Type<unknown>[] {
  const read = readRoute('requests', route, REQUESTS_PATH);
  if (read === undefined) return [];

  // `Location` names it without a version: what an application does to its own routes must not move it.
  @Controller({ path: read.path, version: VERSION_NEUTRAL })
  @UseGuards(...(read.guards as CanActivate[]))
  class ClaudeRequestsController {
    constructor(@Inject(DeferredRequestsDesk) private readonly desk: DeferredRequestsDesk) {}

    @Get(':id')
    look(
      @Param('id') id: string,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<unknown> {
      return this.desk.look(id, { request, response });
    }

    @Get(':id/events')
    follow(
      @Param('id') id: string,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<StreamableFile | object | undefined> {
      return this.desk.follow(id, { request, response });
    }

    @Delete(':id')
    cancel(
      @Param('id') id: string,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<object> {
      return this.desk.cancel(id, { request, response });
    }
  }
  return [ClaudeRequestsController];
}
