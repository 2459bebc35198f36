import type { MeteredIteration, MeteredRefusal } from '../core/cost/metered-usage.js';
import { REFUSAL_CATEGORIES } from '../core/failure/refusal-category.js';
import { field, name, readTokens, type SaidTokens } from './metered-usage-tokens.js';

/** More rounds than one request has. */
const MOST_ITERATIONS = 10_000;

const NONE: readonly never[] = Object.freeze([]);
const ITERATIONS = ['message', 'fallback_message', 'advisor_message', 'compaction'] as const;

/**
 * The rounds of models that one message took, and who of them declined.
 *
 * @param refusal set when the whole message is one @returns `undefined` for what is none, or has numbers that cannot be
 */
export function readIterations(
  value: unknown,
  message: unknown,
  refusal: MeteredRefusal | undefined,
): readonly MeteredIteration[] | undefined {
  if (value === undefined || value === null) return NONE;
  if (!Array.isArray(value) || value.length > MOST_ITERATIONS) return undefined;
  const seams = seamsOf(message);
  const last = lastAsked(value, refusal);
  const iterations: MeteredIteration[] = [];
  for (const entry of value as readonly unknown[]) {
    const tokens = readTokens(entry as SaidTokens | null);
    if (tokens === undefined) return undefined;
    const model = name(field(entry, 'model'));
    const type = ITERATIONS.find((known) => known === field(entry, 'type')) ?? 'other';
    const lastModel = name(field(last, 'model'));
    // Rounds of whoever answered are `message` too, when it used tools before.
    const hasDeclined = type === 'message' && lastModel !== undefined && model !== undefined && model !== lastModel;
    const declined = entry === last ? refusal : hasDeclined ? takeSeam(seams, model) : undefined;
    iterations.push({ ...tokens, type, model, ...(declined !== undefined && { refusal: declined }) });
  }
  return iterations;
}

/** Who answered in the place of others; or who declined last, when everybody did. */
function lastAsked(iterations: readonly unknown[], refusal: MeteredRefusal | undefined): unknown {
  return iterations.findLast(isServed) ?? (refusal === undefined ? undefined : iterations.findLast(isAsked));
}

const isServed = (entry: unknown) => field(entry, 'type') === 'fallback_message';
const isAsked = (entry: unknown) => isServed(entry) || field(entry, 'type') === 'message';

interface Seam {
  readonly from: string | undefined;
  readonly refusal: MeteredRefusal;
}

/** Where one model took over from another: what stands before it is what the other had said. */
function seamsOf(message: unknown): Seam[] {
  const content = field(message, 'content');
  let said = 0;
  const seams: Seam[] = [];
  for (const block of Array.isArray(content) ? (content as readonly unknown[]) : []) {
    if (field(block, 'type') !== 'fallback') {
      said++;
      continue;
    }
    const category = categoryOf(field(field(block, 'trigger'), 'category'));
    const when = said > 0 ? 'midway' : 'before_output';
    seams.push({ from: name(field(field(block, 'from'), 'model')), refusal: { when, category } });
    said = 0;
  }
  return seams;
}

/** A model can decline more than once in a conversation of many rounds: each time it is told of in its turn. */
function takeSeam(seams: Seam[], model: string): MeteredRefusal {
  const index = seams.findIndex(({ from }) => from === model);
  const [seam] = index < 0 ? [] : seams.splice(index, 1);
  return seam?.refusal ?? { when: 'before_output', category: undefined };
}

/** How the message ends, if that is a refusal. */
export function refusalOf(message: unknown): MeteredRefusal {
  const content = field(message, 'content');
  const last: unknown = Array.isArray(content) ? content.at(-1) : undefined;
  // What stands before a seam was said by another model.
  const when = last === undefined || field(last, 'type') === 'fallback' ? 'before_output' : 'midway';
  return { when, category: categoryOf(field(field(message, 'stop_details'), 'category')) };
}

function categoryOf(value: unknown): MeteredRefusal['category'] {
  if (value === null || value === undefined) return 'none';
  return REFUSAL_CATEGORIES.find((known) => known === value) ?? 'unlisted';
}
