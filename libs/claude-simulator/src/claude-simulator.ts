import { defaultAnswerer } from './answer/default-answerer.js';
import { ClaudeApi } from './api/claude-api.js';
import { MessagesEndpoint } from './api/messages-endpoint.js';
import { Throttle } from './api/throttle.js';
import { checkSimulatorOptions } from './check-simulator-options.js';
import { RealClock } from './clock/real-clock.js';
import type { SimulatorClock } from './clock/simulator-clock.js';
import { CONTROL_PREFIX, ControlApi } from './control/control-api.js';
import { FaultyApi } from './faults/faulty-api.js';
import { Scenario } from './faults/scenario.js';
import { HttpServer, type RequestHandler } from './http/http-server.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { RequestLog } from './log/request-log.js';
import { Identifiers } from './random/identifiers.js';
import { seededRandom } from './random/seeded-random.js';
import type { SimulatorOptions } from './simulator.options.js';

const DEFAULT_LATENCY_MS = 40;
const DEFAULT_LOG_ENTRIES = 10_000;

/** A Claude API of your own on 127.0.0.1, healthy until its scenario says otherwise. */
export class ClaudeSimulator {
  private constructor(
    private readonly server: HttpServer,
    /** What goes wrong. */
    readonly scenario: Pick<Scenario, 'set' | 'add' | 'clear' | 'list'>,
    /** What came in. */
    readonly requests: Pick<RequestLog, 'list' | 'count' | 'clear' | 'whenReceived'>,
    readonly clock: SimulatorClock,
  ) {}

  /**
   * Resolves when it takes requests.
   * @throws {InvalidInputError} naming every bad option, and the system's error when the port is taken
   */
  static async start(options: SimulatorOptions = {}): Promise<ClaudeSimulator> {
    checkSimulatorOptions(options);
    const clock = options.clock ?? new RealClock();
    const seed = options.seed ?? 1;
    const scenario = new Scenario(clock, seed);
    scenario.set(options.scenario ?? []);
    const log = new RequestLog(options.maxLoggedRequests ?? DEFAULT_LOG_ENTRIES);
    const server = await HttpServer.listen(options.port ?? 0, requestHandler(options, clock, seed, scenario, log));
    return new ClaudeSimulator(server, scenario, log, clock);
  }

  /** Where the API is; give it to the SDK as `baseURL`. */
  get url(): string {
    return this.server.url;
  }

  get port(): number {
    return this.server.port;
  }

  /** Ends all connections, those of hung requests too. Calling it again does nothing. */
  stop(): Promise<void> {
    return this.server.close();
  }
}

/** Puts the parts together. */
function requestHandler(
  options: SimulatorOptions,
  clock: SimulatorClock,
  seed: number,
  scenario: Scenario,
  log: RequestLog,
): RequestHandler {
  const startedAtMs = clock.nowMs();
  const identifiers = new Identifiers(seed);
  const limiter = options.limits === false ? null : new RateLimiter(options.limits ?? {}, startedAtMs);
  const throttle = new Throttle(clock, limiter, options.rateLimitHeaders ?? true);
  const messages = new MessagesEndpoint({
    clock,
    throttle,
    identifiers,
    answerer: options.answer ?? defaultAnswerer(seed),
    latency: options.latencyMs ?? (options.clock === undefined ? DEFAULT_LATENCY_MS : 0),
    latencyRandom: seededRandom(seed, 'latency'),
    maxConcurrent: options.concurrency ?? Infinity,
  });
  const api = new ClaudeApi(messages, throttle, options.apiKeys ?? null);
  const faultyApi = new FaultyApi({ api, throttle, scenario, log, clock, identifiers, startedAtMs });
  const control = new ControlApi({ scenario, log, clock, seed, startedAtMs });
  return async (request, signal) =>
    request.path.startsWith(CONTROL_PREFIX) ? control.handle(request) : faultyApi.handle(request, signal);
}
