import {
  Controller,
  Get,
  Inject,
  Req,
  Res,
  UseGuards,
  VERSION_NEUTRAL,
  type CanActivate,
  type Type,
} from '@nestjs/common';
import { readRoute, type ClaudeRoute } from './claude-route.js';
import { DeferredRequestsDesk } from './deferred-requests.desk.js';

/** What ended, for whoever it belongs to (R28). @throws {ClaudeInvalidOptionsError} */
export function notificationsControllers(route: ClaudeRoute | undefined): Type<unknown>[] {
  const read = readRoute('notifications', route, 'claude/notifications');
  if (read === undefined) return [];

  @Controller({ path: read.path, version: VERSION_NEUTRAL }) // as the requests that it names
  @UseGuards(...(read.guards as CanActivate[]))
  class ClaudeNotificationsController {
    constructor(@Inject(DeferredRequestsDesk) private readonly desk: DeferredRequestsDesk) {}

    @Get()
    list(@Req() request: unknown, @Res({ passthrough: true }) response: unknown): Promise<object> {
      return this.desk.notifications({ request, response });
    }
  }
  return [ClaudeNotificationsController];
}
