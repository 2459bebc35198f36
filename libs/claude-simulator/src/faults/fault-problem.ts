import type { ApiProblem } from '../api/api-problem.js';
import type { Fault } from './fault.js';
import type { FaultRule } from './fault-rule.js';

/** What an error fault says, with the rule's text in place of the profile's; its headers are left to the caller. */
export function faultProblem(fault: Extract<Fault, { kind: 'error' }>, rule: FaultRule, nowMs: number): ApiProblem {
  const { status, type, details } = fault;
  const message = rule.message ?? fault.message.replace('{next month}', firstOfNextMonth(nowMs));
  return { status, type, message, details, headers: {} };
}

/** YYYY-MM-DD; monthly spend limits start anew at 00:00 UTC of that day. */
function firstOfNextMonth(nowMs: number): string {
  const now = new Date(nowMs);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString().slice(0, 10);
}
