import type { IncomingHttpHeaders } from 'node:http';

/** One request the simulator received, and what became of it. */
export interface LoggedRequest {
  /** Milliseconds since the simulator started. */
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly model: string | null;
  /** The status sent; `pending` while it is being answered, `aborted` if the client left before that. */
  readonly status: number | 'pending' | 'hung' | 'reset' | 'aborted';
  /** The fault that struck it, by name. */
  readonly fault: string | null;
  readonly requestId: string;
  /** As received, without anything that could be a credential. */
  readonly headers: IncomingHttpHeaders;
  /** JSON where it is JSON, else null. */
  readonly body: unknown;
}

export interface RequestFilter {
  readonly path?: string;
  /** Only requests that came at this time or later, in milliseconds since the simulator started. */
  readonly since?: number;
}

interface Waiter {
  readonly count: number;
  readonly filter: RequestFilter;
  readonly notify: () => void;
}

interface KeptRequest {
  readonly request: { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };
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
    return this.kept.reduce((sum, { request }) => (matches(request, filter) ? sum + 1 : sum), 0);
  }

  clear(): void {
    this.kept = [];
    this.keptBytes = 0;
  }

  /** Resolves once `count` such requests have come in, answered or not: no test has to sleep until one is on its way. */
  whenReceived(count: number, filter: RequestFilter = {}): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.add({ count, filter, notify: resolve });
      this.notifyWaiters();
    });
  }

  /** Notes a request; the returned function notes how it ended. */
  open(received: Omit<LoggedRequest, 'status'>, bodyBytes: number): (status: LoggedRequest['status']) => void {
    const request: KeptRequest['request'] = { ...received, status: 'pending' };
    this.kept.push({ request, bodyBytes });
    this.keptBytes += bodyBytes;
    while (this.kept.length > this.maxEntries || (this.keptBytes > MAX_BODY_BYTES && this.kept.length > 1)) {
      this.keptBytes -= this.kept.shift()?.bodyBytes ?? 0;
    }
    this.notifyWaiters();
    return (status) => {
      request.status = status;
    };
  }

  private notifyWaiters(): void {
    for (const waiter of this.waiters) {
      if (this.count(waiter.filter) < waiter.count) continue;
      this.waiters.delete(waiter);
      waiter.notify();
    }
  }
}

function matches(request: LoggedRequest, { path, since = 0 }: RequestFilter): boolean {
  return (path === undefined || request.path === path) && request.at >= since;
}
