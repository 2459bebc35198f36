import type { Attempt, ClaudeCall, WireResult } from '../core/call.js';
import type { FailureFacts } from '../core/failure/failure-facts.js';
import { Transport } from '../core/transport.port.js';

/** What one attempt meets: a value, facts of a failure, or silence. */
export type ScriptedReply = { readonly value: unknown } | FailureFacts | 'hangs';

/** Answers attempts by script, the last reply for ever, and remembers what was sent. */
export class ScriptedTransport extends Transport<unknown> {
  readonly sent: { readonly call: ClaudeCall; readonly attempt: Attempt }[] = [];
  readonly #script: readonly ScriptedReply[];

  constructor(...script: readonly ScriptedReply[]) {
    super();
    this.#script = script;
  }

  send(call: ClaudeCall, attempt: Attempt): Promise<WireResult<unknown>> {
    const reply = this.#script[Math.min(this.sent.length, this.#script.length - 1)] ?? 'hangs';
    this.sent.push({ call, attempt });
    if (reply === 'hangs') return new Promise(() => {});
    if ('value' in reply) return Promise.resolve({ ok: true, value: reply.value });
    return Promise.resolve({ ok: false, facts: reply, cause: new Error(`scripted: ${reply.from}`) });
  }
}
