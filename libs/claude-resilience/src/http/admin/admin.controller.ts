import {
  Body,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  type Type,
} from '@nestjs/common';
import type { AdminAct } from '../../core/admin/admin-act.js';
import { ClaudeAdmin } from '../../runtime/admin/claude-admin.js';
import { ClaudeRuntime } from '../../runtime/claude-runtime.js';
import { DeferralRoom } from '../../runtime/deferral-room.js';
import type { ClaudeRoute } from '../claude-route.js';
import type { OperatorAccess } from '../operator-access.js';
import { OperatorPageFilter } from '../operator-page.filter.js';
import { operatorRoute } from '../operator-route.js';
import { AdminDesk } from './admin.desk.js';
import { adminOverview, type AdminOverview } from './admin-overview.js';
import { adminProblem } from './admin-problem.js';
import { deadLetterPage, type DeadLetterPage } from './dead-letters.js';

export const ADMIN_PATH = 'claude/admin';

/** The controllers of the operator's hands (R36): one, or none. @throws {ClaudeInvalidOptionsError} */
export function adminControllers(route: ClaudeRoute | undefined, access: OperatorAccess): Type<unknown>[] {
  const decorate = operatorRoute('admin', route, ADMIN_PATH, access);
  if (decorate === undefined) return [];

  // A class of its own for each application: path and guards are metadata of the class.
  @decorate
  class ClaudeAdminController {
    constructor(
      @Inject(AdminDesk) private readonly desk: AdminDesk,
      @Inject(ClaudeAdmin) private readonly admin: ClaudeAdmin,
      @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
      @Inject(DeferralRoom) private readonly room: DeferralRoom,
    ) {}

    @Get()
    @UseFilters(OperatorPageFilter)
    @Header('Cache-Control', 'no-store')
    overview(): AdminOverview {
      return adminOverview(this.admin, this.runtime, this.room);
    }

    @Get('dead-letters')
    @Header('Cache-Control', 'no-store')
    async deadLetters(@Query() query: unknown): Promise<DeadLetterPage> {
      try {
        return await deadLetterPage(this.room, query);
      } catch (error) {
        throw adminProblem(error);
      }
    }

    @Post(':thing/:hand')
    @HttpCode(200)
    @UseFilters(OperatorPageFilter)
    act(
      @Param('thing') thing: string,
      @Param('hand') hand: string,
      @Req() request: unknown,
      @Res({ passthrough: true }) response: unknown,
      @Body() body: unknown,
    ): Promise<AdminAct | string> {
      return this.desk.act(`${thing}/${hand}`, { request, response }, body);
    }
  }
  return [ClaudeAdminController];
}
