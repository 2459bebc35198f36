import Anthropic from '@anthropic-ai/sdk';
import type { OptionReader } from '../core/option-reader.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';

/** Where calls go: a client of the application's own, or one made from a key. */
export interface AnthropicOptions {
  /** A client of your own, of the SDK or of one of its platform packages. Its `maxRetries` is not used. */
  readonly client?: AnthropicClient;
  /** Key of a client that this module makes. @default what the SDK finds, `ANTHROPIC_API_KEY` first */
  readonly apiKey?: string;
  /** Address of the API, for a client that this module makes. @default what the SDK finds, `ANTHROPIC_BASE_URL` first */
  readonly baseURL?: string;
  /**
   * Further clients by name, for `models: [{ model, platform }]`: those of `@anthropic-ai/bedrock-sdk`,
   * `@anthropic-ai/vertex-sdk` and their like, or another account's. Lower-case words; `anthropic` is taken.
   */
  readonly platforms?: Readonly<Record<string, AnthropicClient>>;
}

type TracerProvider = NonNullable<
  Extract<ConstructorParameters<typeof Anthropic>[0], object>['openTelemetry'] & object
>['tracerProvider'];

/** What this module uses of a client; every client of the SDK's family has it. Some platforms cannot count tokens. */
export interface AnthropicClient {
  readonly messages: Pick<Anthropic['messages'], 'create'> & Partial<Pick<Anthropic['messages'], 'countTokens'>>;
}

/** Reads the options above. Never shows a key, not even a wrong one. */
export function readAnthropicOptions(read: OptionReader): AnthropicOptions {
  const client = read.take('client');
  const apiKey = read.take('apiKey');
  const baseURL = read.text('baseURL');
  if (client !== undefined && !isClient(client)) {
    read.reject('client', 'a client of @anthropic-ai/sdk, with messages.create', client);
  }
  if (apiKey !== undefined && (typeof apiKey !== 'string' || apiKey.trim() === '')) {
    read.reject('apiKey', 'a text that is not empty', typeof apiKey === 'string' ? '' : apiKey);
  }
  if (baseURL !== undefined && !isWebAddress(baseURL)) read.reject('baseURL', 'an http or https address', baseURL);
  if (client !== undefined && (apiKey !== undefined || baseURL !== undefined)) {
    read.reject('client', 'nothing beside apiKey and baseURL: name a client or what makes one', client);
  }
  const platforms = readPlatforms(read);
  return {
    ...(platforms !== undefined && { platforms }),
    ...(isClient(client) && { client }),
    ...(typeof apiKey === 'string' && { apiKey }),
    ...(baseURL !== undefined && { baseURL }),
  };
}

/**
 * The clients of these options, by the name of their platform.
 *
 * @param tracerProvider of OpenTelemetry's, for the client that this module makes; the global one if absent
 */
export function clientsOf(options: AnthropicOptions, tracerProvider?: object): ClientOf {
  const own = lazyClient(options, tracerProvider);
  return (platform) => (platform === OWN_PLATFORM ? own() : (options.platforms?.[platform] ?? own()));
}

/** The client that a platform's models are asked through. */
export type ClientOf = (platform: string) => AnthropicClient;

function readPlatforms(read: OptionReader): AnthropicOptions['platforms'] {
  const value = read.take('platforms');
  if (value === undefined) return undefined;
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isRecord ? Object.entries(value) : [];
  const wrong = entries.find((entry) => !isPlatform(entry));
  if (isRecord && wrong === undefined) return Object.freeze(Object.fromEntries(entries));
  const expected = 'clients of the SDK or its platform packages, by a name of lower-case words (not "anthropic")';
  read.reject('platforms', expected, wrong === undefined ? value : wrong[0]);
  return undefined;
}

function isPlatform([name, client]: [string, unknown]): boolean {
  return PLATFORM_NAME.test(name) && name !== OWN_PLATFORM && isClient(client);
}

const PLATFORM_NAME = /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/;

/**
 * The client of these options. One that this module makes is made at the first call: looking for credentials, the SDK
 * reads files, and an application that only boots should not.
 */
export function lazyClient(
  { client, apiKey, baseURL }: AnthropicOptions,
  tracerProvider?: object,
): () => AnthropicClient {
  let found = client;
  return () =>
    (found ??= new Anthropic({
      maxRetries: 0,
      // Its logger writes answers that it cannot parse, past ours.
      logLevel: 'off',
      ...(apiKey !== undefined && { apiKey }),
      ...(baseURL !== undefined && { baseURL }),
      ...(tracerProvider !== undefined && { openTelemetry: { tracerProvider: tracerProvider as TracerProvider } }),
    }));
}

function isClient(value: unknown): value is AnthropicClient {
  const messages = (value as { messages?: { create?: unknown } } | null | undefined)?.messages;
  return typeof messages?.create === 'function';
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
