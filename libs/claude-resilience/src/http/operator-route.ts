import { applyDecorators, Controller, Inject, Injectable, UseFilters, UseGuards } from '@nestjs/common';
import type { CanActivate, ExecutionContext, Type } from '@nestjs/common';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { readRoute, type ClaudeRoute } from './claude-route.js';
import { readGuards, type OperatorAccess } from './operator-access.js';
import { OperatorLock } from './operator-lock.js';
import { OperatorProblemFilter } from './operator-problem.filter.js';

/**
 * The decorators of a controller for operators: its path, the door in front of it, and its problems. Guards of the route stand
 * beside those of `operator`.
 *
 * @param name of the option
 * @returns `undefined` when the route is switched off
 * @throws {ClaudeInvalidOptionsError}
 */
export function operatorRoute(
  name: string,
  route: ClaudeRoute | undefined,
  usualPath: string,
  access: OperatorAccess,
): ClassDecorator | undefined {
  const found = readRoute(name, route, usualPath);
  if (found === undefined) return undefined;
  const issues: string[] = [];
  const guards = [...access.guards, ...readGuards(`${name}.guards`, found.guards, issues)];
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  const door = doorOf(guards.length > 0);
  return applyDecorators(Controller(found.path), UseGuards(door, ...guards), UseFilters(OperatorProblemFilter));
}

/** A class of its own for each route, since what else stands at the door is known when the class is made. */
function doorOf(isGuarded: boolean): Type<CanActivate> {
  @Injectable()
  class ClaudeOperatorDoor implements CanActivate {
    constructor(@Inject(OperatorLock) private readonly lock: OperatorLock) {}

    canActivate(context: ExecutionContext): boolean {
      const { headers, ip } = context.switchToHttp().getRequest<{
        headers?: Readonly<Record<string, unknown>>;
        ip?: string;
      }>();
      this.lock.check({ authorization: headers?.['authorization'], address: ip ?? 'unknown' }, isGuarded);
      return true;
    }
  }
  return ClaudeOperatorDoor;
}
