import { ClaudeFleetError } from '../core/fleet/fleet-error.js';
import type { FleetNote, FleetView } from '../core/fleet/fleet.port.js';

/** Shares are whole numbers of these in the store. */
const ALL = 1_000_000;

/** What the store answered, checked: whoever writes to our keys may write anything. @throws {ClaudeFleetError} */
export function readFleetView(answer: unknown): FleetView {
  const view = recordOf(typeof answer === 'string' ? parsed(answer) : undefined);
  return {
    upTo: checked(view['upTo'], isText),
    isWhole: checked(view['isWhole'], isYesOrNo),
    isKnown: checked(view['isKnown'], isYesOrNo),
    replicas: checked(view['replicas'], isCount),
    news: listOf(view['news']).map((one) => ({ replica: checked(one['replica'], isText), ...textOf(one) })),
    notes: listOf(view['notes']).map((one): FleetNote => ({ name: checked(one['name'], isText), ...textOf(one) })),
    shares: each(view['shares'], (share) => checked(share, isCount) / ALL),
    leases: each(view['leases'], (holder) => checked(holder, isText)),
    sums: each(view['sums'], (sum) => checked(Number(checked(sum, isText)), Number.isSafeInteger)),
  };
}

function textOf({ text }: Readonly<Record<string, unknown>>): { readonly text?: string } {
  return text === undefined ? {} : { text: checked(text, isText) };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isYesOrNo = (value: unknown): value is boolean => typeof value === 'boolean';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function checked<T, U extends T>(value: T, isFit: (value: T) => value is U): U;
function checked<T>(value: T, isFit: (value: T) => boolean): T;
function checked<T>(value: T, isFit: (value: T) => boolean): T {
  if (!isFit(value)) throw new ClaudeFleetError('answers what makes no sense: does something else use its keys?');
  return value;
}

/** An empty table of Lua is `{}`, list or not. */
function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.map(recordOf);
  checked(Object.keys(recordOf(value)).length, (count) => count === 0);
  return [];
}

function each<T>(value: unknown, read: (value: unknown) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(recordOf(value)).map(([name, one]) => [name, read(one)]));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return checked(value, (it) => typeof it === 'object' && it !== null) as Readonly<Record<string, unknown>>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
