import type { CanActivate, Type } from '@nestjs/common';
import { OptionReader, show } from '../core/option-reader.js';

/** Who may use the routes for operators. Everything that is named here must say yes; as long as nothing is, nobody may. */
export interface ClaudeOperatorAccess extends ClaudeOperatorToken {
  /** Guards of the application's own, for every operator route. @default none */
  readonly guards?: readonly (Type<CanActivate> | CanActivate)[];
}

export interface ClaudeOperatorToken {
  /**
   * Sent as `Authorization: Bearer`. 16 to 512 characters from `!` to `~`, as of `openssl rand -base64 24`.
   * @default none
   */
  readonly token?: string;
}

export interface OperatorAccess {
  readonly guards: readonly (Type<CanActivate> | CanActivate)[];
  readonly token: string | undefined;
}

/** What was named beside an async factory, or in `forRoot`. */
export const OPERATOR_ACCESS = Symbol.for('claude-resilience:operator-access');

const FIT_TOKEN = /^[\x21-\x7e]{16,512}$/;

export function readOperatorAccess(given: unknown, issues: string[]): OperatorAccess {
  const read = new OptionReader('operator', given, issues);
  const access = { guards: readGuards('operator.guards', read.take('guards'), issues), token: tokenIn(read, issues) };
  read.done();
  return Object.freeze(access);
}

/** The same of options, which cannot hold guards: those are metadata of classes, and options may come too late for that. */
export function readOperatorToken(given: unknown, issues: string[]): string | undefined {
  const read = new OptionReader('operator', given, issues);
  if (read.take('guards') !== undefined) {
    issues.push('operator.guards: they stand beside useFactory, not in what it returns');
  }
  const token = tokenIn(read, issues);
  read.done();
  return token;
}

export function readGuards(path: string, given: unknown, issues: string[]): OperatorAccess['guards'] {
  if (given === undefined) return [];
  if (Array.isArray(given) && given.every(isGuard)) return given;
  issues.push(`${path}: a list of guards, got ${show(given)}`);
  return [];
}

/** Never shows what was given: somebody will have meant it. */
function tokenIn(read: OptionReader, issues: string[]): string | undefined {
  const token = read.take('token');
  if (token === undefined || (typeof token === 'string' && FIT_TOKEN.test(token))) return token;
  issues.push(`${read.at('token')}: 16 to 512 characters from "!" to "~", without spaces`);
  return undefined;
}

function isGuard(value: unknown): value is Type<CanActivate> | CanActivate {
  if (typeof value === 'function') return true;
  return (
    typeof value === 'object' && value !== null && 'canActivate' in value && typeof value.canActivate === 'function'
  );
}
