import { continuingAnswerer } from './answer/continuing-answerer.js';
import { defaultAnswerer } from './answer/default-answerer.js';
import { BatchesEndpoint } from './api/batches-endpoint.js';
import { bodyLimit } from './api/body-limit.js';
import { ClaudeApi } from './api/claude-api.js';
import { CountTokensEndpoint } from './api/count-tokens-endpoint.js';
import { MessagesEndpoint } from './api/messages-endpoint.js';
import { ModelsEndpoint } from './api/models-endpoint.js';
import { Places } from './api/places.js';
import { Throttle } from './api/throttle.js';
import { BATCH_DEFAULTS } from './batches/batch.options.js';
import { ItemProcessor } from './batches/item-processor.js';
import { checkSimulatorOptions } from './check-simulator-options.js';
import { RealClock } from './clock/real-clock.js';
import type { SimulatorClock } from './clock/simulator-clock.js';
import { CONTROL_PREFIX, ControlApi } from './control/control-api.js';
import { BreakableApi } from './faults/breakable-api.js';
import { FaultyApi } from './faults/faulty-api.js';
import { Scenario } from './faults/scenario.js';
import { strikeBatchItem } from './faults/strike-batch-item.js';
import { HttpServer, type RequestHandler } from './http/http-server.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { RequestLog } from './log/request-log.js';
import { ModelCatalogue } from './models/model-catalogue.js';
import { Identifiers } from './random/identifiers.js';
import { seededRandom } from './random/seeded-random.js';
import type { SimulatorOptions } from './simulator.options.js';

const DEFAULT_LATENCY_MS = 40;
const DEFAULT_STREAM_DELAY_MS = 5;
const DEFAULT_PING_EVERY_MS = 15_000;
const DEFAULT_LOG_ENTRIES = 10_000;

/** A Claude API of your own on 127.0.0.1, healthy until its scenario says otherwise. */
export class ClaudeSimulator {
  private constructor(
    private readonly server: HttpServer,
    /** What goes wrong. */
    readonly scenario: Pick<Scenario, 'set' | 'add' | 'clear' | 'list'>,
    /** What came in. */
    readonly requests: Pick<RequestLog, 'list' | 'count' | 'clear' | 'whenReceived' | 'whenEnded'>,
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
    const server = await HttpServer.listen(
      options.port ?? 0,
      bodyLimit,
      requestHandler(options, clock, seed, scenario, log),
    );
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
  // Nobody wants to advance a clock of their own for every answer and every word.
  const ownClock = options.clock !== undefined;
  const pace = {
    delayMs: options.stream?.delayMs ?? (ownClock ? 0 : DEFAULT_STREAM_DELAY_MS),
    pingEveryMs: options.stream?.pingEveryMs ?? DEFAULT_PING_EVERY_MS,
  };
  const models = new ModelCatalogue(options.models ?? {}, clock);
  const answerer = continuingAnswerer(options.answer ?? defaultAnswerer(seed), options.continuationOverlap ?? 0);
  const messages = new MessagesEndpoint({
    clock,
    models,
    throttle,
    identifiers,
    places: new Places(options.concurrency ?? Infinity),
    answerer,
    latency: options.latencyMs ?? (ownClock ? 0 : DEFAULT_LATENCY_MS),
    latencyRandom: seededRandom(seed, 'latency'),
    chunk: options.stream?.chunk ?? 'word',
  });
  const counting = new CountTokensEndpoint(models, throttle);
  const batches = new BatchesEndpoint({
    clock,
    throttle,
    identifiers,
    processor: new ItemProcessor(models, answerer, identifiers),
    strikeItem: (item) => strikeBatchItem(scenario, item, clock.nowMs()),
    options: {
      durationMs: options.batches?.durationMs ?? BATCH_DEFAULTS.durationMs,
      cancelMs: options.batches?.cancelMs ?? BATCH_DEFAULTS.cancelMs,
      expiresAfterMs: options.batches?.expiresAfterMs ?? BATCH_DEFAULTS.expiresAfterMs,
    },
    seed,
  });
  const listing = new ModelsEndpoint(models, clock);
  const claude = new ClaudeApi(messages, counting, listing, batches, options.apiKeys ?? null);
  const api = new BreakableApi(claude, models, throttle, clock);
  const faultyApi = new FaultyApi({ api, scenario, log, clock, identifiers, seed, pace, startedAtMs });
  const control = new ControlApi({ scenario, log, clock, seed, startedAtMs });
  return async (request, signal) =>
    request.path.startsWith(CONTROL_PREFIX) ? control.handle(request) : faultyApi.handle(request, signal);
}
