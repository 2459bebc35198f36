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
      'A call: these goals come from a pipeline of counters without service, options, events, accounts or timelines. Ours is ' +
      'opened with its id, options, deadline and whom it asks; holds a permit, a turn and an account; has a limit and a signal; is ' +
      'metered, priced, counted, told of and remembered. Where nothing is waited for there is no promise: five are left, besides ' +
      'two or three looks at the clock (some 40 ns each) and, in `run`, a scope of `AsyncLocalStorage` (some 200 ns): each of these alone is ' +
      'a tenth of the goal, or half of it. The rest is spread over a hundred functions, none of which has more than a few per cent.',
  },
  {
    of: /^(refusal|open \+ fallback)/,
    why:
      'An open circuit: nothing is waited for, no stack is taken, no timer set and nothing thrown on our side. What is left is the ' +
      'call itself: it is opened with its options, asks circuit and budget, is diagnosed, counted, told of and remembered; and a ' +
      'refusal has an error of its own, never a shared one, since it names the call: an `Error` without a stack takes some 200 ns.',
  },
  {
    of: /^recording/,
    why:
      'Recording: a whole call is its counters, its cost, three sketches for percentiles and the runs of failures; ' +
      'prom-client and OpenTelemetry record one number here.',
  },
  {
    of: /^stream/,
    why:
      "Streams: whoever looks at each event of another's iterator needs one promise more, which alone took 1.2 times the bare source " +
      'in a trial. And a reader must hear of a silence, of a deadline or of the request that goes on where one broke, whatever the ' +
      'source does, so what it waits for is a promise of ours, too: 1.6 in a trial. What the API sends in one burst needs no wait: ' +
      "that is in the section of the SDK's own calls.",
  },
  {
    of: /^real SDK call/,
    why:
      "The SDK's own calls: asked as it must be (a signal and a limit for each attempt, headers read for limits and ids), the SDK " +
      "alone takes 1.04 to 1.06 times as long. The rest is a call, and a cold one: between two requests the SDK's own work leaves " +
      "nothing of ours in the processor's caches, so that what takes 3 us one call after the other takes about 20 right after one " +
      'of its requests.',
  },
  {
    of: /^requests a second of Nest/,
    why:
      'Nest: the module costs nothing on a request without a call. This route does nothing else, and its client answers at once; ' +
      "a call of ours finds its code and data out of the processor's caches each time, and costs some 15 us where the whole " +
      'request takes 20 on Fastify.',
  },
  {
    of: /pending/,
    why: 'Pending calls: no list is scanned and none grows, but ten thousand of them hold some 30 MB, which collections move.',
  },
  {
    of: /^(event-loop lag|idle processor)/,
    why:
      'Idle: no timer is set, whatever the number of features; the empty process beside it shows how much of these figures is ' +
      'the machine.',
  },
  {
    of: /^a failed call/,
    why: 'Failed calls: windows are rings of sums, which cost the same whatever they hold; errors and their collections vary.',
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
