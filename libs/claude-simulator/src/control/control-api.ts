import { ManualClock } from '../clock/manual-clock.js';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import { readJson } from '../api/read-json.js';
import type { FaultRule } from '../faults/fault-rule.js';
import type { Scenario } from '../faults/scenario.js';
import type { ReceivedRequest } from '../http/received-request.js';
import { jsonReply } from '../api/json-reply.js';
import type { WholeReply } from '../http/reply.js';
import { InvalidInputError } from '../validation/invalid-input-error.js';
import { isJsonObject } from '../json/json-object.js';
import type { RequestLog } from '../log/request-log.js';

interface Parts {
  readonly scenario: Scenario;
  readonly log: RequestLog;
  readonly clock: SimulatorClock;
  readonly seed: number;
  readonly startedAtMs: number;
}

/** All of its paths begin with this. */
export const CONTROL_PREFIX = '/_simulator/';

/** The simulator's own API, for those who cannot call it in code: other processes, curl. */
export class ControlApi {
  constructor(private readonly parts: Parts) {}

  handle(request: ReceivedRequest): WholeReply {
    try {
      return this.route(request);
    } catch (error) {
      if (error instanceof InvalidInputError) return refuse(400, error.issues);
      throw error;
    }
  }

  private route(request: ReceivedRequest): WholeReply {
    const { scenario, log } = this.parts;
    switch (`${request.method} ${request.path.slice(CONTROL_PREFIX.length)}`) {
      case 'GET state':
        return ok(this.state());
      case 'GET requests':
        return ok({ requests: log.list() });
      case 'DELETE requests':
        log.clear();
        return ok(this.state());
      case 'PUT scenario':
        scenario.set(rulesOf(bodyOf(request)));
        return ok(this.state());
      case 'DELETE scenario':
        scenario.clear();
        return ok(this.state());
      case 'POST scenario/rules':
        scenario.add(bodyOf(request) as FaultRule);
        return ok(this.state());
      case 'POST clock/advance':
        return this.advance(bodyOf(request));
      default:
        return refuse(404, [`${request.method} ${request.path}: not found`]);
    }
  }

  private advance(body: unknown): WholeReply {
    const { clock } = this.parts;
    if (!(clock instanceof ManualClock)) return refuse(409, ['the clock is real: it advances by itself']);
    const ms = isJsonObject(body) ? body['ms'] : undefined;
    if (!Number.isSafeInteger(ms) || Number(ms) < 0) return refuse(400, ['ms: expected whole milliseconds, 0 or more']);
    clock.advance(Number(ms));
    return ok(this.state());
  }

  private state() {
    const { scenario, log, clock, seed, startedAtMs } = this.parts;
    return {
      seed,
      clock: clock instanceof ManualClock ? 'manual' : 'real',
      now: new Date(clock.nowMs()).toISOString(),
      runningForMs: clock.nowMs() - startedAtMs,
      requests: log.count(),
      scenario: scenario.list(),
    };
  }
}

/** A scenario is a list of rules, bare or as `{ "rules": [...] }`; what else it may be, the check of the rules says. */
function rulesOf(body: unknown): readonly FaultRule[] {
  return (isJsonObject(body) && Array.isArray(body['rules']) ? body['rules'] : body) as readonly FaultRule[];
}

function bodyOf(request: ReceivedRequest): unknown {
  const reading = readJson(request);
  if (reading.kind === 'unreadable') throw new InvalidInputError('body', [`body: ${reading.problem.message}`]);
  return reading.value;
}

const ok = (body: unknown): WholeReply => jsonReply(200, body, {});
const refuse = (status: number, issues: readonly string[]): WholeReply => jsonReply(status, { issues }, {});
