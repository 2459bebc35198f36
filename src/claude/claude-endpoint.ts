import type { ClaudeSimulator } from 'claude-api-simulator';
import type { ClaudeTarget } from '../app.config.js';

/** The Claude API as the application reaches it. */
export interface ClaudeEndpoint {
  readonly apiKey: string;
  /** `undefined`: the API's own. */
  readonly baseURL: string | undefined;
  /** Present if this process started it, and so has to stop it. */
  readonly simulator?: ClaudeSimulator;
  /** For the person who started the application; one line, no secrets. */
  readonly description: string;
}

export async function openClaudeEndpoint(target: ClaudeTarget): Promise<ClaudeEndpoint> {
  switch (target.kind) {
    case 'api': {
      const { apiKey, baseURL } = target;
      const description = baseURL === undefined ? 'the real API' : `the API at ${new URL(baseURL).origin}`;
      return { apiKey, baseURL, description };
    }
    case 'simulator': {
      // Loaded only here: an application with a key never reads a line of it.
      const { ClaudeSimulator } = await import('claude-api-simulator');
      const simulator = await ClaudeSimulator.start();
      const description = `a simulator in this process, at ${simulator.url} (no ANTHROPIC_API_KEY, no ANTHROPIC_BASE_URL)`;
      return { apiKey: 'simulator', baseURL: simulator.url, simulator, description };
    }
    default:
      return target satisfies never;
  }
}
