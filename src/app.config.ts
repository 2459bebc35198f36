import { z } from 'zod';

/** Where calls to Claude go. */
export type ClaudeTarget =
  | { readonly kind: 'api'; readonly apiKey: string; readonly baseURL?: string }
  /** Started in this process. */
  | { readonly kind: 'simulator' };

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface AppConfig {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  readonly logLevel: LogLevel;
  readonly model: string;
  /** Opens the operators' routes; made at start when nobody named one. */
  readonly operatorToken: string | undefined;
  /** Where the queue's file is. */
  readonly dataDir: string;
  /** Where replicas of the application meet, and share one queue; `undefined`: it is the only one. */
  readonly redisUrl: string | undefined;
  readonly claude: ClaudeTarget;
}

/** `problems` has one line for each bad variable: its name, its value unless it is a secret, and what is allowed. */
export class InvalidConfigError extends Error {
  override readonly name = 'InvalidConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The environment has values that cannot be used:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Sent where an address was given without a key: gateways and simulators often want none, the SDK always does. */
const PLACEHOLDER_KEY = 'no-key-was-given';

const REDIS_URL = 'a redis or rediss address';
const SECRETS: readonly string[] = ['ANTHROPIC_API_KEY', 'OPERATOR_TOKEN'];

const PORT = 'a whole number from 0 (any free port) to 65535';
const HOST = 'a host name or an IP address';
const API_KEY = 'printable characters without spaces';
const BASE_URL = 'an http or https address';
const OPERATOR_TOKEN = '16 or more printable characters without spaces';
const MODEL = 'a model id, such as claude-sonnet-5-5';

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, PORT)
    .transform(Number)
    .refine((port) => port <= 65_535, PORT)
    .default(3000),
  // Loopback unless somebody says otherwise: a demo without logins has no business on a network.
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, HOST)
    .default('127.0.0.1'),
  // Anything else cannot travel in an HTTP header.
  ANTHROPIC_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, API_KEY)
    .optional(),
  ANTHROPIC_BASE_URL: z.string().refine(isWebAddress, BASE_URL).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`).default('info'),
  DATA_DIR: z.string().default('./data'),
  REDIS_URL: z.string().refine(isRedisAddress, REDIS_URL).optional(),
  OPERATOR_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, OPERATOR_TOKEN)
    .optional(),
  CLAUDE_MODEL: z
    .string()
    .regex(/^[\w.:@/-]{1,200}$/, MODEL)
    .default('claude-sonnet-5-5'),
});

/**
 * Reads the environment, once, at start. An empty variable counts as absent, as compose files leave them.
 *
 * @throws {InvalidConfigError} naming every bad variable
 */
export function readAppConfig(env: Readonly<Record<string, string | undefined>>): AppConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const reading = environment.safeParse(given);
  if (!reading.success) throw new InvalidConfigError(problemsOf(reading.error.issues, given));
  const {
    PORT: port,
    HOST: host,
    LOG_LEVEL: logLevel,
    CLAUDE_MODEL: model,
    DATA_DIR: dataDir,
    OPERATOR_TOKEN: operatorToken,
    REDIS_URL: redisUrl,
  } = reading.data;
  return Object.freeze({
    port,
    host,
    logLevel,
    model,
    operatorToken,
    dataDir,
    redisUrl,
    claude: targetOf(reading.data),
  });
}

function targetOf({ ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseURL }: z.infer<typeof environment>) {
  if (apiKey === undefined && baseURL === undefined) return Object.freeze({ kind: 'simulator' } as const);
  const address = baseURL === undefined ? {} : { baseURL };
  return Object.freeze({ kind: 'api', apiKey: apiKey ?? PLACEHOLDER_KEY, ...address } as const);
}

function problemsOf(issues: readonly z.core.$ZodIssue[], given: Readonly<Record<string, string | undefined>>) {
  return issues.map(({ path, message }) => {
    const variable = String(path[0]);
    return `${variable}: ${message}, got ${SECRETS.includes(variable) ? 'a value that is not shown' : show(given[variable])}`;
  });
}

/** Addresses may hold a password, even misspelt ones. */
function show(value: string | undefined): string {
  return JSON.stringify(value?.replace(/\/\/[^/]*@/, '//***@'));
}

function isRedisAddress(value: string): boolean {
  return URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol);
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
