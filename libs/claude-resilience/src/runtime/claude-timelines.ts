import { CallTimelines, TIMELINE_EVENTS } from '../core/timeline/call-timelines.js';
import type { CallTimeline } from '../core/timeline/call-timeline.js';
import type { ResolvedTimelineOptions } from '../core/timeline/timeline.options.js';
import type { ClaudeRuntime } from './claude-runtime.js';

/**
 * What happened to single calls of this process (R36): attempts, waits, who decided what by which rule, tokens, cost. Bounded by
 * the option `timeline`; nothing of what was asked or answered.
 */
export class ClaudeTimelines {
  readonly #timelines: CallTimelines | undefined;

  /** @param options `false`: nothing is remembered */
  constructor({ events }: ClaudeRuntime, options: ResolvedTimelineOptions | false) {
    if (options === false) return;
    const timelines = new CallTimelines(options);
    this.#timelines = timelines;
    events.subscribe((event, wallMs, nowMs) => timelines.hear(event, wallMs, nowMs), TIMELINE_EVENTS);
  }

  /** Whether anything is remembered. */
  get isOn(): boolean {
    return this.#timelines !== undefined;
  }

  /** @returns `undefined` for a correlation id that this process does not know, or not any more */
  of(correlationId: string): CallTimeline | undefined {
    return this.#timelines?.of(correlationId);
  }

  /** Those that met trouble, the newest first. @param limit 1 or more */
  troubled(limit = 50): readonly CallTimeline[] {
    return this.#timelines?.troubled(limit) ?? [];
  }
}
