import type { Advice } from '../advice/advice.js';
import type { ClaudeEventOf } from '../events.js';
import { ofFailure } from './line-parts.js';
import { logLine, type LineFields, type LogLine } from './log-line.js';

/** What becomes of circuits, models, accounts and advice. */
export function stateLine(
  event: ClaudeEventOf<
    | 'circuit.transitioned'
    | 'model.transitioned'
    | 'account.stopped'
    | 'account.resumed'
    | 'advice.given'
    | 'advice.withdrawn'
  >,
): LogLine {
  switch (event.type) {
    case 'circuit.transitioned': {
      const { feature, from, to, window } = event;
      const reason = 'reason' in to ? { reason: to.reason } : {};
      const { calls, failures } = window;
      const level = to.name === 'closed' ? 'log' : 'warn';
      return logLine(level, event.type, { feature, from, to: to.name, ...reason, calls, failures });
    }
    case 'model.transitioned': {
      const { model, platform, from, to } = event;
      return logLine('log', event.type, { model, platform, from, to });
    }
    case 'account.stopped': {
      const { account, failure } = event;
      return logLine('error', event.type, { account, ...ofFailure(failure), action: failure.action });
    }
    case 'account.resumed': {
      const { account, failure, stoppedForMs } = event;
      const about = { account, errorType: failure.kind, rule: failure.rule };
      return logLine('log', event.type, { ...about, stoppedForMs: Math.round(stoppedForMs) });
    }
    case 'advice.given':
      return logLine('log', event.type, { ...event.evidence, ...ofAdvice(event) });
    case 'advice.withdrawn':
      return logLine('log', event.type, { ...ofAdvice(event), heldForMs: Math.round(event.heldForMs) });
    default:
      return event satisfies never;
  }
}

function ofAdvice({ topic, feature, model, about, sentence }: Advice): LineFields {
  return { topic, feature, model, about, advice: sentence };
}
