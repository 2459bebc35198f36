import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { describedError, ownMessageOf, type DescribedError } from '../core/logging/described-error.js';
import { describedRequest } from '../core/logging/described-request.js';
import { keyScrub, SCRUBBED } from '../core/logging/key-scrub.js';
import { withoutErrorText } from '../core/logging/without-error-text.js';
import { OptionReader, show } from '../core/option-reader.js';
import { correlationIdIn } from './correlation-id.js';

/** What the preset cannot know. All of it has a default. */
export interface ClaudePinoWish {
  /** The logger's level: frames of errors are written at `debug` and `trace`. @default 'info' */
  readonly level?: string;
  /** What must never be written and looks like nothing: routing keys, passwords; 8 characters or more. @default none */
  readonly secrets?: readonly string[];
  /**
   * The message of an error of the application's own that may be written: one that quotes neither bodies nor prompts.
   * Those of this module are written in any case. @default none
   */
  readonly messageOf?: (error: unknown) => string | undefined;
  /**
   * Where the routes of deferred requests are, if they were moved: who knows the id behind it may read and cancel the
   * request. @default 'claude/requests'
   */
  readonly requestsPath?: string;
}

/** A part of the options of pino and pino-http, to be spread into one's own. */
export interface ClaudePinoOptions {
  readonly level: string;
  readonly redact: { paths: string[]; censor: string };
  readonly serializers: {
    readonly err: (error: unknown) => DescribedError;
    readonly req: (request: object) => object;
    readonly res: (response: object) => object;
  };
  readonly wrapSerializers: false;
  readonly hooks: {
    readonly logMethod: (this: unknown, args: unknown[], method: (...args: never) => void) => void;
    readonly streamWrite: (line: string) => string;
  };
  /** With Fastify it belongs into the adapter, too: `new FastifyAdapter({ genReqId })`. */
  readonly genReqId: (request: { headers: IncomingHttpHeaders }, response?: ResponseHead) => string;
}

interface ResponseHead {
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
}

const CORRELATION_HEADER = 'x-correlation-id';
/** Shorter ones would be found in words. */
const SHORTEST_SECRET = 8;

/** Where a credential would stand if somebody logged a request or the options of a client after all. Wildcards cost dearly. */
export const CLAUDE_REDACTED_PATHS: readonly string[] = Object.freeze([
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'res.headers["set-cookie"]',
  'headers.authorization',
  'headers.cookie',
  'headers["x-api-key"]',
  'authorization',
  'cookie',
  '["x-api-key"]',
  'apiKey',
  'authToken',
  'routingKey',
  'webhookUrl',
  'token',
  'secret',
  'password',
]);

/**
 * Options for `pinoHttp` of nestjs-pino (or for pino) under which no key, prompt or text of the API gets into the log
 * by accident. Four fences, each for what gets over the one before: serializers that pick instead of dump; errors that are
 * described wherever they stand; redaction by path; and a last scrub of the finished line. `genReqId` gives a request the
 * correlation id of its calls.
 *
 * @throws {ClaudeInvalidOptionsError}
 */
export function claudePinoOptions(wish: ClaudePinoWish = {}): ClaudePinoOptions {
  const { level, secrets, messageOf, hidden } = readWish(wish);
  const withFrames = level === 'debug' || level === 'trace';
  const describe = (error: unknown) =>
    describedError(error, { withFrames, messageOf: (one) => ownMessageOf(one) ?? messageOf(one) });
  return {
    level,
    redact: { paths: [...CLAUDE_REDACTED_PATHS], censor: SCRUBBED },
    serializers: {
      err: describe,
      req: (request) => describedRequest(request, hidden),
      res: ({ statusCode }: { readonly statusCode?: unknown }) => ({ status: statusCode }),
    },
    wrapSerializers: false,
    hooks: {
      logMethod(args, method) {
        Reflect.apply(method, this, withoutErrorText(args, describe));
      },
      streamWrite: keyScrub(secrets),
    },
    genReqId: sameIdAsCalls,
  };
}

/** The caller's id, or a new one: where this module looks for it, and in the answer if that is at hand. */
function sameIdAsCalls(request: { headers: IncomingHttpHeaders }, response?: ResponseHead): string {
  const id = correlationIdIn(request) ?? randomUUID();
  request.headers[CORRELATION_HEADER] = id;
  if (response?.headersSent === false) response.setHeader(CORRELATION_HEADER, id);
  return id;
}

function readWish(wish: ClaudePinoWish) {
  const issues: string[] = [];
  const read = new OptionReader('', wish, issues);
  const { secrets = [], messageOf = () => undefined } = wish;
  read.take('secrets');
  const areTexts =
    Array.isArray(secrets) && secrets.every((one) => typeof one === 'string' && one.length >= SHORTEST_SECRET);
  // Not shown: they are secrets.
  if (!areTexts) issues.push(`secrets: a list of texts of ${SHORTEST_SECRET} characters or more`);
  read.take('messageOf');
  if (typeof messageOf !== 'function') issues.push(`messageOf: a function, got ${show(messageOf)}`);
  const level = read.text('level') ?? 'info';
  const path = (read.text('requestsPath') ?? 'claude/requests').replace(/^\/+|\/+$/g, '');
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return { level, secrets, messageOf, hidden: new RegExp(`(/${path.replace(/[^\w/]/g, String.raw`\$&`)}/)[^/]+`, 'i') };
}
