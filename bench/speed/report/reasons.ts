import { isMet, type GoalReading } from '../harness/section.js';

interface Reason {
  /** Words of the goals that it is about. */
  readonly of: RegExp;
  readonly why: string;
}

/** Why goals that are not met are not; in words, since figures do not say it. */
const REASONS: readonly Reason[] = [
  {
    of: /^(success path|bytes a call)/,
    why:
      'A call: these goals come from a pipeline of counters without service, options, events, accounts or timelines. Ours ' +
      'passes a room for each rule, read and tested apart: seven of them wait for the next, each with a promise of its own; it ' +
      'looks at the clock some twenty times, opens a controller, makes a correlation id, and tells metrics, advice, status and ' +
      'timeline of its end. What could go without hiding the order of the rooms is gone (timers, stacks, sets, closures, weak ' +
      'maps); the rest is what the rules are made of. Beside a request of some 300 us of processor time it is a few per cent.',
  },
  {
    of: /^(refusal|open \+ fallback)/,
    why:
      'An open circuit: no stack is taken, no row of the diagnosis looked for in vain, no timer set. What is left is the call ' +
      'itself: it is opened with its options, asks the circuit and the budget, is counted, told of and remembered, and a ' +
      'refusal is thrown as a typed error of its own, never a shared one, since it names the call.',
  },
  {
    of: /^recording/,
    why:
      'Recording: a whole call is five counters, its cost, three sketches of logarithmic buckets and two running figures, ' +
      'with a look at the clock that alone takes 40 ns; prom-client and OpenTelemetry record one number here.',
  },
  {
    of: /^stream/,
    why:
      'Streams: a request that breaks may be followed by another in the middle of the stream, so a writer hands each event to the ' +
      'reader: two promises an event instead of one, and a look at the clock for the limit on silence. An iterator that only ' +
      'delegates could not go on where another ended. The SDK needs some 1 600 ns to read an event.',
  },
  {
    of: /^(real SDK call|requests a second of Nest)/,
    why:
      "Requests: that of a client that answers at once, or of a server on the same machine, where a call's own microseconds are " +
      'a share of next to nothing; the real API takes seconds. Where both share two cores with a client and a server, caches ' +
      'and collections make more of them than the section on calls shows.',
  },
  {
    of: /pending/,
    why: 'Pending calls: nothing is scanned and no list grows with them, but ten thousand calls do not fit into the young generation, and each is copied twice.',
  },
  {
    of: /^event-loop lag/,
    why: 'Lag while idle: there is one timer whatever the number of features; an empty process beside it shows what of the lag is the machine.',
  },
  {
    of: /^a failed call/,
    why: 'Failed calls: windows are rings of sums, which cost the same whatever they hold. Errors with stacks dominate, and their collections fall where they fall.',
  },
  {
    of: /^heap for each/,
    why: 'Memory: a feature has two windows of sixty slices, its counters and its options.',
  },
];

/** What is to be said of those that are not met. */
export function reasonsFor(goals: readonly GoalReading[]): readonly string[] {
  const missed = goals.filter((goal) => !isMet(goal));
  return REASONS.filter(({ of }) => missed.some(({ what }) => of.test(what))).map(({ why }) => `- ${why}`);
}
