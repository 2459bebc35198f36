/** `ok`: users get what they asked for; `degraded`: some get less, or somebody should look; `down`: nobody is answered by Claude. */
export const STATUS_SEVERITIES = ['ok', 'degraded', 'down'] as const;
export type StatusSeverity = (typeof STATUS_SEVERITIES)[number];

/** What a verdict can be about, the most urgent first: a closed set. */
export const STATUS_TOPICS = [
  'account_stopped',
  'circuit_open',
  'held_open',
  'recovering',
  'queue_trouble',
  'rate_limited',
  'errors',
  'queue_behind',
  'fleet_unheard',
  'queue_paused',
  'alerting',
  'alert',
  'held_closed',
  'recovered',
  'no_traffic',
  'healthy',
] as const;
export type StatusTopic = (typeof STATUS_TOPICS)[number];

/** One thing that is the matter, in sentences for people. Made of numbers and names of this module; never of text of the API. */
export interface StatusFinding {
  readonly topic: StatusTopic;
  readonly severity: StatusSeverity;
  /** "Claude is overloaded for summarisation since 14:02 UTC". It holds as long as the matter does: no countdown in it. */
  readonly headline: string;
  /** What users notice of it. */
  readonly usersSee: string;
  /** What this module is doing about it, with the numbers of now. */
  readonly moduleDoes: string;
  /** What whoever reads it should do. */
  readonly toDo: string;
}

/** How Claude is for this application, in words: the most urgent finding, and the headlines of the others. */
export interface StatusVerdict extends StatusFinding {
  readonly also: readonly string[];
}
