export type Command =
  /** `tour`: whether, and what follows it. */
  | { readonly kind: 'run'; readonly tour: 'none' | 'then-serve' | 'then-exit' }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly problem: string };

const FLAGS: readonly string[] = ['--tour', '--exit', '--help'];

export const HELP = `The demo application of nestjs-claude-resilience

  npm start                 starts the application
  npm run demo              starts it, plays the guided tour through an incident, and keeps serving
  npm run demo -- --exit    ends after the tour; exit code 0 only if every step went as announced

Environment: PORT (3000), HOST (127.0.0.1), ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, CLAUDE_MODEL, LOG_LEVEL (info),
DATA_DIR (./data), OPERATOR_TOKEN (made at start).
With neither a key nor a base URL, a simulator of the Claude API is started inside the process.`;

/** @param args what follows the script's name */
export function parseCommandLine(args: readonly string[]): Command {
  const unknown = args.find((arg) => !FLAGS.includes(arg));
  if (unknown !== undefined) return invalid(`unknown argument ${JSON.stringify(unknown)}; known: ${FLAGS.join(', ')}`);
  if (args.includes('--help')) return { kind: 'help' };
  if (!args.includes('--exit')) return { kind: 'run', tour: args.includes('--tour') ? 'then-serve' : 'none' };
  if (!args.includes('--tour')) return invalid('--exit ends the process after the tour; it needs --tour');
  return { kind: 'run', tour: 'then-exit' };
}

function invalid(problem: string): Command {
  return { kind: 'invalid', problem };
}
