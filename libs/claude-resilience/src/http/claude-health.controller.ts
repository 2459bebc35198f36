import { Controller, Get, Inject, UseGuards, type CanActivate, type Type } from '@nestjs/common';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader, show } from '../core/option-reader.js';
import { ClaudeHealthIndicator } from './claude-health.indicator.js';

/** Where the health route is, and who may read it; `false`: there is none. */
export type ClaudeHealthRoute =
  | boolean
  | {
      /** @default 'health/claude' (R38) */
      readonly path?: string;
      /** @default none: everybody who reaches the process */
      readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
    };

/** The controllers of a route like that: one, or none. @throws {ClaudeInvalidOptionsError} */
export function healthControllers(route: ClaudeHealthRoute | undefined): Type<unknown>[] {
  if (route === false) return [];
  const issues: string[] = [];
  const read = new OptionReader('health', route === true ? undefined : route, issues);
  const path = read.text('path') ?? 'health/claude';
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
    ) {}

    @Get()
    @HealthCheck()
    check(): Promise<HealthCheckResult> {
      return this.health.check([() => this.claude.check()]);
    }
  }
  return [ClaudeHealthController];
}
