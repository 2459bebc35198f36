export type Command =
  /** `tour`: whether, and what follows it; `isQuick`: with its short waits in any case. */
  | { readonly kind: 'run'; readonly tour: 'none' | 'then-serve' | 'then-exit'; readonly isQuick: boolean }
  /** A tour through an incident of so many processes on one Redis. */
  | { readonly kind: 'replicas'; readonly count: number; readonly thenExit: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problem: string };

const FLAGS: readonly string[] = ['--tour', '--exit', '--help', '--quick', '--replicas'];
/** One is what there is without it; more than ten do not fit a screen. */
const REPLICAS = { min: 2, max: 10 };

export const HELP = `The demo application of nestjs-claude-resilience

  npm start                 starts the application
  npm start -- --quick      with the short waits of the tour, and a look for alerts every second
  npm run demo              starts it, plays the guided tour through an incident, and keeps serving
  npm run demo -- --exit    ends after the tour; exit code 0 only if every step went as announced
  npm run demo -- --replicas 3
                            the same with three processes on one Redis: that at REDIS_URL, or a redis-server it starts

Environment: PORT (3000), HOST (127.0.0.1), ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, CLAUDE_MODEL, LOG_LEVEL (info),
DATA_DIR (./data), OPERATOR_TOKEN (made at start), REDIS_URL (none: one process).
With neither a key nor a base URL, a simulator of the Claude API is started inside the process.`;

/** @param args what follows the script's name */
export function parseCommandLine(args: readonly string[]): Command {
  const at = args.indexOf('--replicas');
  if (at >= 0) return parseReplicas(args[at + 1], args.toSpliced(at, 2));
  const unknown = args.find((arg) => !FLAGS.includes(arg));
  if (unknown !== undefined) return invalid(`unknown argument ${JSON.stringify(unknown)}; known: ${FLAGS.join(', ')}`);
  if (args.includes('--help')) return { kind: 'help' };
  const isQuick = args.includes('--quick');
  if (!args.includes('--exit')) return { kind: 'run', tour: args.includes('--tour') ? 'then-serve' : 'none', isQuick };
  if (!args.includes('--tour')) return invalid('--exit ends the process after the tour; it needs --tour');
  return { kind: 'run', tour: 'then-exit', isQuick };
}

function parseReplicas(given: string | undefined, others: readonly string[]): Command {
  const { min, max } = REPLICAS;
  const count = /^\d+$/.test(given ?? '') ? Number(given) : 0;
  if (count < min || count > max) return invalid(`--replicas takes a number from ${min} to ${max}`);
  if (others.includes('--replicas')) return invalid('--replicas is given once');
  const other = parseCommandLine(others);
  if (other.kind !== 'run') return other;
  if (other.tour === 'none') return invalid('--replicas is a tour; it needs --tour');
  return { kind: 'replicas', count, thenExit: other.tour === 'then-exit' };
}

function invalid(problem: string): Command {
  return { kind: 'invalid', problem };
}
