import type { SimulatorClock } from '../clock/simulator-clock.js';
import { InvalidInputError } from '../validation/invalid-input-error.js';
import { type Random, seededRandom } from '../random/seeded-random.js';
import { checkFaultRule } from './check-fault-rule.js';
import { FAULT_PROFILES } from './fault-profiles.js';
import type { FaultRule } from './fault-rule.js';

/** What rules look at. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly model: string | null;
  readonly promptText: string;
  /** Whether it asks for a stream. */
  readonly isStream: boolean;
  /** Of an item of a batch; null for a request. */
  readonly customId: string | null;
}

/** A rule and what it has done so far. */
export interface RuleProgress {
  readonly rule: FaultRule;
  /** Requests inside the rule's window that matched its `when`. */
  readonly matched: number;
  /** Requests it has struck. */
  readonly struck: number;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly setAtMs: number;
  readonly random: Random;
  matched: number;
  struck: number;
}

/** The script of what goes wrong: an ordered list of rules, of which the first that wants a request gets it. */
export class Scenario {
  private active: ActiveRule[] = [];

  constructor(
    private readonly clock: SimulatorClock,
    private readonly seed: number,
  ) {}

  /** Replaces all rules; time windows and chances begin anew. @throws {InvalidInputError} naming every bad field */
  set(rules: readonly FaultRule[]): void {
    const issues = Array.isArray(rules)
      ? rules.flatMap((rule, index) => checkFaultRule(rule, `rules[${index}]`))
      : ['rules: expected a list'];
    if (issues.length > 0) throw new InvalidInputError('scenario', issues);
    this.active = [];
    for (const rule of rules) this.append(rule);
  }

  /** Appends one rule; its window begins now. @throws {InvalidInputError} naming every bad field */
  add(rule: FaultRule): void {
    const issues = checkFaultRule(rule, 'rule');
    if (issues.length > 0) throw new InvalidInputError('fault rule', issues);
    this.append(rule);
  }

  /** Everything works again; requests that already hang keep hanging. */
  clear(): void {
    this.active = [];
  }

  list(): readonly RuleProgress[] {
    return this.active.map(({ rule, matched, struck }) => ({ rule, matched, struck }));
  }

  /** The rule that strikes this request, if any; every rule asked on the way counts the request. */
  strike(target: FaultTarget): FaultRule | null {
    const nowMs = this.clock.nowMs();
    return this.active.find((candidate) => strikes(candidate, target, nowMs))?.rule ?? null;
  }

  private append(rule: FaultRule): void {
    // A copy: whoever keeps the given object must not be able to change a running scenario. Rules are plain JSON.
    const copy = JSON.parse(JSON.stringify(rule)) as FaultRule;
    const random = seededRandom(this.seed, 'scenario', this.active.length);
    this.active.push({ rule: copy, setAtMs: this.clock.nowMs(), random, matched: 0, struck: 0 });
  }
}

function strikes(active: ActiveRule, target: FaultTarget, nowMs: number): boolean {
  const { rule } = active;
  if (!isInWindow(rule, nowMs - active.setAtMs) || !isMeant(rule, target)) return false;
  active.matched += 1;
  if (active.matched <= (rule.skip ?? 0)) return false;
  if (active.struck >= (rule.count ?? Infinity)) return false;
  if (active.random() >= (rule.share ?? 1)) return false;
  active.struck += 1;
  return true;
}

function isInWindow({ fromMs = 0, untilMs = Infinity }: FaultRule, ageMs: number): boolean {
  return ageMs >= fromMs && ageMs < untilMs;
}

function isMeant({ fault, when = {} }: FaultRule, target: FaultTarget): boolean {
  const { method, path, model, promptText, customId } = target;
  const { kind } = FAULT_PROFILES[fault];
  // Only a message can be refused, and only what is a stream can break like one.
  if (kind === 'refusal' && customId === null && path !== '/v1/messages') return false;
  if (kind === 'stream' && !target.isStream) return false;
  if (!matchesCustomId(when.customId, customId)) return false;
  if (when.method !== undefined && when.method !== method) return false;
  if (when.path !== undefined && !matchesPath(when.path, path)) return false;
  if (when.model !== undefined && when.model !== model) return false;
  return when.promptIncludes === undefined || promptText.includes(when.promptIncludes);
}

/** Whoever means items says so: a storm on the API does not reach into a batch that it has taken. */
function matchesCustomId(meant: string | undefined, customId: string | null): boolean {
  if (meant === undefined || customId === null) return meant === undefined && customId === null;
  return meant.endsWith('*') ? customId.startsWith(meant.slice(0, -1)) : customId === meant;
}

function matchesPath(meant: string, path: string): boolean {
  const parts = path.split('/');
  const meantParts = meant.split('/');
  return parts.length === meantParts.length && meantParts.every((part, at) => part === '*' || part === parts[at]);
}
