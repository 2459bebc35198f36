import { Get, Inject, Post, Req, Res, UseFilters, type StreamableFile, type Type } from '@nestjs/common';
import type { ClaudeRoute } from '../claude-route.js';
import type { OperatorAccess } from '../operator-access.js';
import { openOperatorRoute, operatorRoute } from '../operator-route.js';
import { DashboardDesk, type ClaudeDashboard } from './dashboard.desk.js';
import { SignInDesk } from './sign-in.desk.js';
import { SignInFilter } from './sign-in.filter.js';
import { wantsJson } from './wants-page.js';

const USUAL_PATH = 'claude/dashboard';

/** The controllers of the dashboard (R36): the page, the same as data, and the way in; or none. @throws {ClaudeInvalidOptionsError} */
export function dashboardControllers(route: ClaudeRoute | undefined, access: OperatorAccess): Type<unknown>[] {
  const page = operatorRoute('dashboard', route, USUAL_PATH, access);
  const data = operatorRoute('dashboard', route, USUAL_PATH, access, '.json');
  const signIn = openOperatorRoute('dashboard', route, USUAL_PATH, access);
  if (page === undefined || data === undefined || signIn === undefined) return [];
  const { isGuarded } = signIn;

  // Classes of their own for each application: path and guards are metadata of the class.
  @page
  class ClaudeDashboardController {
    constructor(@Inject(DashboardDesk) private readonly desk: DashboardDesk) {}

    @Get()
    @UseFilters(SignInFilter)
    page(@Req() request: object, @Res({ passthrough: true }) response: unknown): Promise<string | ClaudeDashboard> {
      return wantsJson(request) ? this.desk.json({ request, response }) : this.desk.page({ request, response });
    }

    @Get('events')
    follow(@Req() request: unknown, @Res({ passthrough: true }) response: unknown): StreamableFile {
      return this.desk.follow({ request, response });
    }
  }

  @data
  class ClaudeDashboardDataController {
    constructor(@Inject(DashboardDesk) private readonly desk: DashboardDesk) {}

    @Get()
    data(@Req() request: unknown, @Res({ passthrough: true }) response: unknown): Promise<ClaudeDashboard> {
      return this.desk.json({ request, response });
    }
  }

  @signIn.decorate
  class ClaudeSignInController {
    constructor(@Inject(SignInDesk) private readonly desk: SignInDesk) {}

    @Post()
    @UseFilters(SignInFilter)
    signIn(@Req() request: object, @Res({ passthrough: true }) response: unknown): Promise<string> {
      return this.desk.signInOrOut({ request, response }, isGuarded);
    }
  }
  return [ClaudeDashboardController, ClaudeDashboardDataController, ClaudeSignInController];
}
