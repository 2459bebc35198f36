import { readAnthropicOptions, type AnthropicOptions } from '../anthropic/anthropic.options.js';
import {
  readCloudWatchOptions,
  type CloudWatchOptions,
  type ResolvedCloudWatchOptions,
} from '../cloudwatch/cloud-watch.options.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { readAlertsOptions, type AlertsOptions, type ResolvedAlertsOptions } from '../core/alerts/alerts.options.js';
import {
  readLoggingOptions,
  type LoggingOptions,
  type ResolvedLoggingOptions,
} from '../core/logging/logging.options.js';
import { OptionReader } from '../core/option-reader.js';
import {
  readTimelineOptions,
  type ResolvedTimelineOptions,
  type TimelineOptions,
} from '../core/timeline/timeline.options.js';
import { OWN_PLATFORM } from '../core/route/model-choice.js';
import { ClaudeCatalogueWording } from '../core/wording/claude-catalogue-wording.js';
import { SafeWording } from '../core/wording/safe-wording.js';
import type { ClaudeWording } from '../core/wording/claude-wording.port.js';
import {
  readOpenTelemetryOptions,
  type OpenTelemetryOptions,
  type ResolvedOpenTelemetryOptions,
} from '../opentelemetry/open-telemetry.options.js';
import { readNoticesOptions, type NoticesOptions, type ResolvedNoticesOptions } from './notices.options.js';
import { readFleetOptions, type FleetOptions, type ResolvedFleetOptions } from './fleet.options.js';
import { readRollupsOptions, type ResolvedRollupsOptions, type RollupsOptions } from './rollups.options.js';
import { readQueueOptions, type QueueOptions, type ResolvedQueueOptions } from './queue.options.js';
import { readOperatorToken, type ClaudeOperatorToken } from '../http/operator-access.js';
import { readResilienceOptions, type ResilienceOptions, type ResolvedOptions } from '../core/options.js';

/** Everything `ClaudeResilienceModule.forRoot` takes; all of it has a default. */
export interface ClaudeResilienceOptions extends ResilienceOptions, AnthropicOptions {
  /** Whether events are written to Nest's logger, one line each, and how many in a storm. @default true */
  readonly logging?: LoggingOptions | boolean;
  /** The words for end users. @default a `ClaudeCatalogueWording`: English, German, French, Spanish and Japanese */
  readonly wording?: ClaudeWording;
  /** The token of operators, where it comes from `useFactory`; guards stand beside that. @default nobody may use operator routes */
  readonly operator?: ClaudeOperatorToken;
  /** Keeps calls that cannot be answered now, and answers them later (R10); `true`: by default. @default none */
  readonly queue?: QueueOptions | boolean;
  /** Tells the people on call of what they should know (R37); `true`: by events alone. @default none */
  readonly alerts?: AlertsOptions | boolean;
  /** Lets the replicas of an application act as one, over Redis; `true`: over that of this machine. @default none */
  readonly fleet?: FleetOptions | boolean;
  /** Where metrics are kept that outlive the process (R38). @default the file of `queue`, or the Redis of `fleet`; else memory */
  readonly rollups?: RollupsOptions;
  /** How much is remembered of single calls, for operators (R36); `false`: nothing. @default 1 000 of each kind */
  readonly timeline?: TimelineOptions | boolean;
  /** Metrics and spans through the application's own OpenTelemetry (R35); `true`: with every default. @default none */
  readonly openTelemetry?: OpenTelemetryOptions | boolean;
  /** Metrics as lines that CloudWatch reads from a log (R35); `true`: to stdout. @default none */
  readonly cloudWatch?: CloudWatchOptions | boolean;
  /** Tells people of the end of deferred requests by mail and webhook (R28). @default none */
  readonly notices?: NoticesOptions | false;
}

export interface ResolvedModuleOptions extends ResolvedOptions {
  readonly anthropic: AnthropicOptions;
  /** `false`: nothing is written. */
  readonly logging: ResolvedLoggingOptions | false;
  readonly wording: ClaudeWording;
  readonly operatorToken: string | undefined;
  readonly queue: ResolvedQueueOptions | false;
  readonly notices: ResolvedNoticesOptions | false;
  readonly rollups: ResolvedRollupsOptions;
  readonly fleet: ResolvedFleetOptions | false;
  /** `false`: nothing is remembered of single calls. */
  readonly timeline: ResolvedTimelineOptions | false;
  /** `undefined`: nothing of it is loaded. */
  readonly openTelemetry: ResolvedOpenTelemetryOptions | undefined;
  /** `undefined`: nothing is written. */
  readonly cloudWatch: ResolvedCloudWatchOptions | undefined;
  /** `undefined`: nobody looks. */
  readonly alerts: ResolvedAlertsOptions | undefined;
}

/** @throws {ClaudeInvalidOptionsError} at bootstrap, naming every bad field, its value and what is allowed */
export function resolveOptions(given: ClaudeResilienceOptions | undefined): ResolvedModuleOptions {
  const issues: string[] = [];
  const read = new OptionReader('', given, issues);
  const anthropic = readAnthropicOptions(read);
  const platforms = [OWN_PLATFORM, ...Object.keys(anthropic.platforms ?? {})];
  const resolved: ResolvedModuleOptions = {
    ...readResilienceOptions(read, issues, platforms),
    anthropic,
    logging: readLoggingOptions('logging', read.take('logging'), issues),
    wording: readWording(read),
    operatorToken: readOperatorToken(read.take('operator'), issues),
    queue: readQueueOptions('queue', read.take('queue'), issues),
    alerts: readAlerts(read.take('alerts'), issues),
    fleet: readFleetOptions('fleet', read.take('fleet'), issues),
    rollups: readRollupsOptions('rollups', read.take('rollups'), issues),
    timeline: readTimelineOptions('timeline', read.take('timeline'), issues),
    openTelemetry: readOpenTelemetryOptions('openTelemetry', read.take('openTelemetry'), issues),
    cloudWatch: readCloudWatchOptions('cloudWatch', read.take('cloudWatch'), issues),
    notices: readNoticesOptions('notices', read.take('notices'), issues),
  };
  for (const name of BESIDE_THE_FACTORY) {
    if (read.take(name) !== undefined) issues.push(`${name}: it stands beside useFactory, not in what it returns`);
  }
  read.done();
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return Object.freeze(resolved);
}

/** `ClaudeResilienceExtras`: what `forRoot` has taken out by now. Whoever misspells one of them is to see its name. */
const BESIDE_THE_FACTORY: readonly string[] = [
  'isGlobal',
  'health',
  'requests',
  'notifications',
  'reviews',
  'metrics',
  'dashboard',
  'admin',
  'calls',
];

function readAlerts(given: unknown, issues: string[]): ResolvedAlertsOptions | undefined {
  if (given === undefined) return undefined;
  return readAlertsOptions('alerts', given === true ? {} : given, issues);
}

/** What a wording must be able to do; by shape, as it may extend another copy of the class. */
const SPEAKS: readonly (keyof ClaudeWording)[] = [
  'localeFor',
  'failureMessage',
  'fallbackMessage',
  'originalTextNote',
  'progressMessage',
  'requestMessage',
];

function readWording(read: OptionReader): ClaudeWording {
  const value = read.take('wording');
  const wording = value as ClaudeWording | null | undefined;
  if (wording === undefined) return new ClaudeCatalogueWording();
  if (wording !== null && SPEAKS.every((name) => typeof wording[name] === 'function')) return new SafeWording(wording);
  read.reject('wording', 'an instance of a class that extends ClaudeWording', value);
  return new ClaudeCatalogueWording();
}
