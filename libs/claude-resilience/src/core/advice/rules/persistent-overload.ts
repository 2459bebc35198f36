import type { Advice } from '../advice.js';
import type { AdviceRule, AdviceView } from '../advice-view.js';
import { HOUR_MS, sumOf } from '../feature-figures.js';
import { hours, percent } from '../figures-in-words.js';
import { overloadedHours } from '../overloaded-hours.js';

const WINDOW_MS = 3 * HOUR_MS;
/** A slot is judged from so many requests on: an open circuit lets little more pass. */
const MIN_REQUESTS = 3;
/** Share of 529s that makes a slot a bad one. */
const BAD_SHARE = 0.1;
/** An hour of bad slots, and their share of those that were judged. */
const MIN_BAD_SLOTS = 12;
const BAD_SLOTS_SHARE = 0.5;

/** 529s that last, or that come at the same hours of the day: a wait of seconds does not help (R12). */
export const persistentOverload: AdviceRule = (view) => {
  const found = atHours(view) ?? lasting(view);
  return found === undefined ? [] : [found];
};

function atHours(view: AdviceView): Advice | undefined {
  const found = overloadedHours(view.figures, view.wallMs);
  if (found === undefined) return undefined;
  const { fromHour, toHour, badDays, days } = found;
  const when = `between ${clockTime(fromHour)} and ${clockTime(toHour)} UTC (${badDays} of ${days} days)`;
  return adviceOf(view, { ...found }, `529s come to "${view.feature.name}" ${when}`);
}

function lasting(view: AdviceView): Advice | undefined {
  const slots = view.figures.slots.since(view.nowMs, WINDOW_MS);
  const judged = slots.filter(({ attempts }) => attempts >= MIN_REQUESTS);
  const bad = judged.filter(({ attempts, overloaded }) => overloaded / attempts >= BAD_SHARE);
  if (bad.length < MIN_BAD_SLOTS || bad.length / judged.length < BAD_SLOTS_SHARE) return undefined;
  const requests = sumOf(slots, 'attempts');
  const overloaded = sumOf(slots, 'overloaded');
  const share = overloaded / requests;
  const seen = `${percent(share)} of the requests of "${view.feature.name}" in the last ${hours(WINDOW_MS)} met a 529`;
  return adviceOf(view, { overloaded, requests, share, windowMs: WINDOW_MS }, seen);
}

function adviceOf({ feature }: AdviceView, evidence: Advice['evidence'], seen: string): Advice {
  // Whoever has other models already is not told to add one.
  const otherModel = feature.models.length > 1 ? '' : `, add another model to features.${feature.name}.models`;
  const sentence = `${seen}: move work that can wait to the Batch API${otherModel}, or raise your limits.`;
  return { topic: 'persistent_overload', feature: feature.name, evidence, sentence };
}

function clockTime(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
