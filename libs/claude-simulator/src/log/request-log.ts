import type { LoggedRequest, NewRequest, RequestFilter } from './logged-request.js';
import { OpenRequest } from './open-request.js';

interface Waiter {
  readonly count: number;
  readonly isMeant: (request: LoggedRequest) => boolean;
  readonly notify: () => void;
}

interface KeptRequest {
  readonly request: LoggedRequest;
  readonly bodyBytes: number;
}

/** All bodies together, in bytes as received; a burst of the longest prompts must not exhaust the memory. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;

/** What the simulator received, oldest first; bounded, the oldest go first. */
export class RequestLog {
  private kept: KeptRequest[] = [];
  private keptBytes = 0;
  private readonly waiters = new Set<Waiter>();

  constructor(private readonly maxEntries: number) {}

  list(filter: RequestFilter = {}): readonly LoggedRequest[] {
    return this.kept.filter(({ request }) => matches(request, filter)).map(({ request }) => ({ ...request }));
  }

  count(filter: RequestFilter = {}): number {
    return this.countIf((request) => matches(request, filter));
  }

  clear(): void {
    this.kept = [];
    this.keptBytes = 0;
  }

  /** Resolves once `count` such requests have come in, answered or not: no test has to sleep until one is on its way. */
  whenReceived(count: number, filter: RequestFilter = {}): Promise<void> {
    return this.when(count, (request) => matches(request, filter));
  }

  /** Resolves once `count` such requests are over: answered, streams to their end, or left by the client. */
  whenEnded(count: number, filter: RequestFilter = {}): Promise<void> {
    return this.when(count, (request) => matches(request, filter) && request.status !== 'pending');
  }

  /** Notes a request. */
  open(received: NewRequest, bodyBytes: number): OpenRequest {
    const request = { ...received, status: 'pending', eventsSent: null, leftAt: null } as const;
    this.kept.push({ request, bodyBytes });
    this.keptBytes += bodyBytes;
    while (this.kept.length > this.maxEntries || (this.keptBytes > MAX_BODY_BYTES && this.kept.length > 1)) {
      this.keptBytes -= this.kept.shift()?.bodyBytes ?? 0;
    }
    this.notifyWaiters();
    return new OpenRequest(request, () => this.notifyWaiters());
  }

  private when(count: number, isMeant: Waiter['isMeant']): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.add({ count, isMeant, notify: resolve });
      this.notifyWaiters();
    });
  }

  private countIf(isMeant: Waiter['isMeant']): number {
    return this.kept.reduce((sum, { request }) => (isMeant(request) ? sum + 1 : sum), 0);
  }

  private notifyWaiters(): void {
    for (const waiter of this.waiters) {
      if (this.countIf(waiter.isMeant) < waiter.count) continue;
      this.waiters.delete(waiter);
      waiter.notify();
    }
  }
}

function matches(request: LoggedRequest, { path, since = 0 }: RequestFilter): boolean {
  return (path === undefined || request.path === path) && request.at >= since;
}
