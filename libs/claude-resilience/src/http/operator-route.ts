import { applyDecorators, Controller, Inject, Injectable, UseFilters, UseGuards } from '@nestjs/common';
import type { CanActivate, ExecutionContext, Type } from '@nestjs/common';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { readRoute, type ClaudeRoute } from './claude-route.js';
import { readGuards, type OperatorAccess } from './operator-access.js';
import { checkFormKey } from './check-form-key.js';
import { OperatorLock } from './operator-lock.js';
import { operatorRequestOf } from './operator-request.js';
import { OperatorProblemFilter } from './operator-problem.filter.js';

/**
 * The decorators of a controller for operators: its path, the door in front of it, and its problems. Guards of the route stand
 * beside those of `operator`.
 *
 * @param name of the option
 * @param suffix put after the path
 * @returns `undefined` when the route is switched off
 * @throws {ClaudeInvalidOptionsError}
 */
export function operatorRoute(
  name: string,
  route: ClaudeRoute | undefined,
  usualPath: string,
  access: OperatorAccess,
  suffix = '',
): ClassDecorator | undefined {
  const found = placeOf(name, route, usualPath, access);
  if (found === undefined) return undefined;
  const { path, guards } = found;
  const door = doorOf(guards.length > 0);
  return applyDecorators(Controller(`${path}${suffix}`), UseGuards(door, ...guards), UseFilters(OperatorProblemFilter));
}

/** The same without the door, for the way in: guards of the application's stand there all the same. */
export function openOperatorRoute(
  name: string,
  route: ClaudeRoute | undefined,
  usualPath: string,
  access: OperatorAccess,
): { readonly decorate: ClassDecorator; readonly isGuarded: boolean } | undefined {
  const found = placeOf(name, route, usualPath, access);
  if (found === undefined) return undefined;
  const { path, guards } = found;
  const decorate = applyDecorators(Controller(path), UseGuards(...guards), UseFilters(OperatorProblemFilter));
  return { decorate, isGuarded: guards.length > 0 };
}

function placeOf(name: string, route: ClaudeRoute | undefined, usualPath: string, access: OperatorAccess) {
  const found = readRoute(name, route, usualPath);
  if (found === undefined) return undefined;
  const issues: string[] = [];
  const guards = [...access.guards, ...readGuards(`${name}.guards`, found.guards, issues)];
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return { path: found.path, guards };
}

/** A class of its own for each route, since what else stands at the door is known when the class is made. */
function doorOf(isGuarded: boolean): Type<CanActivate> {
  @Injectable()
  class ClaudeOperatorDoor implements CanActivate {
    constructor(@Inject(OperatorLock) private readonly lock: OperatorLock) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<object>();
      const entry = this.lock.check(operatorRequestOf(request), isGuarded);
      await checkFormKey(request, entry, this.lock.sessions);
      return true;
    }
  }
  return ClaudeOperatorDoor;
}
