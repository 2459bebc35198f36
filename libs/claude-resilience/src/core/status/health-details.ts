import type { AdviceTopic } from '../advice/advice.js';
import type { CircuitStateName } from '../circuit/circuit-state.js';
import type { FailureKind } from '../failure/failure.js';
import type { ErrorCounts } from './traffic-figures.js';

/** What health tells those who may know. Moments are ISO 8601, shares 0 to 1, and `null` is "no data", never zero. */
export interface ClaudeHealthDetails {
  /** How Claude is, in a sentence: the same as on the dashboard. */
  readonly verdict: string;
  /** By name. */
  readonly features: Readonly<Record<string, FeatureHealth>>;
  /** Those of the last hour, by name. */
  readonly workflows: Readonly<Record<string, WorkflowHealth>>;
  /** When a call was served last; `null`: none was, since the process began. */
  readonly lastSuccessAt: string | null;
  readonly queue: QueueHealth;
  /** By credential and class of models; empty before the API has told its limits, or without pacing. */
  readonly rateLimits: Readonly<Record<string, RateLimitHealth>>;
  /** Replicas that live; `null`: they cannot be heard, and all of this is of one. Absent without `fleet`. */
  readonly replicas?: number | null;
  /** Since when they cannot be heard. */
  readonly unheardSince?: string;
  /** Those that fire; `null`: alerts are off. */
  readonly activeAlerts: readonly ActiveAlertHealth[] | null;
  /** Credentials with which nothing is sent; absent: all work. */
  readonly accounts?: Readonly<Record<string, AccountHealth>>;
  /** What is worth changing; absent: nothing. */
  readonly advice?: readonly AdviceHealth[];
}

/** What calls of the last 5 minutes met. */
export interface TrafficHealth {
  readonly judged: number;
  /** Of those, the share that failed in the end. */
  readonly errorRatio: number | null;
  /** Share of calls that met each type of error in any attempt: retries hide nothing. */
  readonly errorRatioByType: ErrorCounts | null;
  readonly retryRatio: number | null;
  /** Milliseconds; `null`: too few calls to say. */
  readonly p95Ms: number | null;
}

/** What health tells of one feature. */
export interface FeatureHealth {
  readonly circuit: CircuitStateName;
  readonly since: string;
  /** Why it is not closed, as a closed set of words. */
  readonly reason?: string;
  /** Whole seconds to the next probe of an open circuit. */
  readonly nextProbeInSeconds?: number;
  /** The rule that decides now, its numbers, and what is missing: a sentence. */
  readonly explanation: string;
  /** Finished calls and failures of the last `circuit.windowMs`. */
  readonly calls: number;
  readonly failures: number;
  readonly lastFiveMinutes: TrafficHealth;
  readonly lastSuccessAt: string | null;
}

/** What health tells of one workflow. */
export interface WorkflowHealth extends TrafficHealth {
  /** What its p95 usually is, in milliseconds; `null`: being learnt, or not known. */
  readonly usualP95Ms: number | null;
}

export interface QueueHealth {
  /** `none`: there is no queue; `unknown`: its store cannot be asked. */
  readonly state: 'none' | 'unknown' | 'running' | 'paused' | 'stopped';
  readonly trouble?: string;
  readonly waiting?: number;
  /** Since the oldest was due; absent when none is. */
  readonly oldestSeconds?: number;
}

export interface RateLimitHealth {
  /** Whole seconds for which nothing is sent, since the API asked for it. */
  readonly pausedForSeconds?: number;
  /** Attempts that wait for their turn. */
  readonly waiting: number;
  /** What is left of each limit, as a share: `{ "requests": 0.93 }`. */
  readonly left: Readonly<Record<string, number>>;
}

export interface ActiveAlertHealth {
  readonly rule: string;
  readonly severity: string;
  readonly since: string;
  readonly summary: string;
}

/** What health tells of an account whose calls are held back. */
export interface AccountHealth {
  readonly stopped: FailureKind;
  readonly rule: string;
  readonly since: string;
  /** Whole seconds to the next request that finds out whether it works again. */
  readonly nextProbeInSeconds: number;
  /** Where the API has said it. */
  readonly accessReturnsAt?: string;
  readonly action?: string;
}

/** What health tells of an advice that holds. */
export interface AdviceHealth {
  readonly topic: AdviceTopic;
  readonly feature: string;
  readonly sentence: string;
  readonly sinceIso: string;
}
