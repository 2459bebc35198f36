import type { AdviceRule } from '../advice-view.js';
import { HOUR_MS, sumOf } from '../feature-figures.js';
import { counted, hours } from '../figures-in-words.js';

const WINDOW_MS = 3 * HOUR_MS;
/** Slots with calls that it takes to judge: an hour of them. */
const MIN_SLOTS = 12;
/** Share of them in which a limit was met. */
const LIMITED_SHARE = 0.6;
const MIN_EVENTS = 20;

/** 429s, or calls that our own pacing held back, in most of the last hours: more is asked than the limits allow. */
export const constantRateLimit: AdviceRule = ({ feature: { name }, figures, nowMs }) => {
  const slots = figures.slots.since(nowMs, WINDOW_MS).filter(({ attempts, calls }) => attempts + calls > 0);
  const limited = slots.filter(({ rateLimited, heldBack }) => rateLimited + heldBack > 0).length;
  const rateLimited = sumOf(slots, 'rateLimited');
  const heldBack = sumOf(slots, 'heldBack');
  if (slots.length < MIN_SLOTS || limited / slots.length < LIMITED_SHARE) return [];
  if (rateLimited + heldBack < MIN_EVENTS) return [];
  const seen = `"${name}" met its rate limits in ${limited} of ${slots.length} spans of five minutes in the last ${hours(WINDOW_MS)}`;
  const numbers = `${counted(rateLimited, 'answer')} 429, ${counted(heldBack, 'call')} not sent`;
  return [
    {
      topic: 'constant_rate_limit',
      feature: name,
      evidence: { rateLimited, heldBack, limitedSlots: limited, slots: slots.length, windowMs: WINDOW_MS },
      sentence: `${seen} (${numbers}): ask for higher limits, or move work that can wait to the Batch API.`,
    },
  ];
};
