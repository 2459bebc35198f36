import type { CanActivate, Type } from '@nestjs/common';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { OptionReader, show } from '../core/option-reader.js';

/** Where a route of this module is, and who may use it; `false`: there is none. */
export type ClaudeRoute =
  | boolean
  | {
      /** Without a slash at its ends. */
      readonly path?: string;
      /** @default none: everybody who reaches the process */
      readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
    };

export interface ResolvedRoute {
  readonly path: string;
  readonly guards: readonly unknown[];
}

/** @returns `undefined` when there is to be none @throws {ClaudeInvalidOptionsError} */
export function readRoute(name: string, route: ClaudeRoute | undefined, usualPath: string): ResolvedRoute | undefined {
  if (route === false) return undefined;
  const issues: string[] = [];
  const read = new OptionReader(name, route === true ? undefined : route, issues);
  const path = read.text('path') ?? usualPath;
  const guards = read.take('guards') ?? [];
  if (!Array.isArray(guards)) issues.push(`${name}.guards: a list of guards, got ${show(guards)}`);
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return { path: path.replace(/^\/+|\/+$/g, ''), guards: Array.isArray(guards) ? guards : [] };
}
