import { Controller, Get, Inject, Req, Res, ServiceUnavailableException, UseGuards } from '@nestjs/common';
import type { CanActivate, Type } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader, show } from '../core/option-reader.js';
import { StatusRoom } from '../runtime/status/status-room.js';
import { ClaudeHealthIndicator } from './claude-health.indicator.js';
import { OperatorLock } from './operator-lock.js';
import { operatorRequestOf } from './operator-request.js';

/** Where the health route is, and who may read it; `false`: there is none. */
export type ClaudeHealthRoute =
  | boolean
  | {
      /** @default 'health/claude' (R38) */
      readonly path?: string;
      /** @default none: everybody who reaches the process */
      readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
      /**
       * Whether everybody who gets through is told what is the matter, and not only that something is.
       * @default false: those who show the operators' token
       */
      readonly details?: boolean;
      /** As of `ClaudeHealthCheckOptions`: 503 where every credential is refused. @default false */
      readonly strict?: boolean;
    };

/** The controllers of a route like that: one, or none. @throws {ClaudeInvalidOptionsError} */
export function healthControllers(route: ClaudeHealthRoute | undefined): Type<unknown>[] {
  if (route === false) return [];
  const issues: string[] = [];
  const read = new OptionReader('health', route === true ? undefined : route, issues);
  const path = read.text('path') ?? 'health/claude';
  const isOpen = read.oneOf('details', false, [true, false]);
  const strict = read.oneOf('strict', false, [true, false]);
  const guards = read.take('guards') ?? [];
  if (!Array.isArray(guards)) issues.push(`health.guards: a list of guards, got ${show(guards)}`);
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);

  // A class of its own for each application: path and guards are metadata of the class.
  @Controller(path)
  @UseGuards(...(guards as CanActivate[]))
  class ClaudeHealthController {
    constructor(
      @Inject(HealthCheckService) private readonly health: HealthCheckService,
      @Inject(ClaudeHealthIndicator) private readonly claude: ClaudeHealthIndicator,
      @Inject(OperatorLock) private readonly lock: OperatorLock,
      @Inject(StatusRoom) private readonly room: StatusRoom,
      @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    ) {}

    @Get()
    @HealthCheck()
    async check(
      @Req() request: object,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<HealthCheckResult | string | object> {
      const details = isOpen || this.lock.isOpenedBy(operatorRequestOf(request));
      try {
        const result = await this.health.check([() => this.claude.check('claude', { details, strict })]);
        // Terminus says so by itself once its own hook has run; until then others of the application's may take their time.
        if (!this.room.isShuttingDown) return result;
        throw new ServiceUnavailableException({ ...result, status: 'shutting_down' });
      } catch (error) {
        // Answered here: filters of an application would make a problem of its own of what probes read.
        if (!(error instanceof ServiceUnavailableException)) throw error;
        this.host.httpAdapter.status(response, error.getStatus());
        return error.getResponse();
      }
    }
  }
  return [ClaudeHealthController];
}
