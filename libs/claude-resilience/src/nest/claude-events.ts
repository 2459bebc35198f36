import { Inject, Injectable } from '@nestjs/common';
import { Observable } from 'rxjs';
import type { ClaudeEvent, ClaudeEventListener } from '../core/events.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';

/** What happens to calls, circuits and fallbacks, as it happens. Listeners cannot harm a call. */
@Injectable()
export class ClaudeEvents {
  constructor(@Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime) {}

  /** @returns a function that ends the subscription */
  subscribe(listener: ClaudeEventListener): () => void {
    return this.runtime.events.subscribe(listener);
  }

  /** The same as an observable that never ends. */
  stream(): Observable<ClaudeEvent> {
    return new Observable((subscriber) => this.subscribe((event) => subscriber.next(event)));
  }
}
