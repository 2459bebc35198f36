import type { AlertEvent } from './alert-event.js';

/** Who looks, where several processes could: one of them at a time. The others know what it does, and are ready to go on. */
export interface AlertDuty {
  /** Whether it is this process, at this moment: asked before each look, and before each try of a message. */
  isOurs(): boolean;
  /** Said with all that is told; `undefined`: nothing. For example that one replica speaks for itself alone. */
  remark(): string | undefined;
  /** What the one that looks has found, as far as this process sees it: for its own knowledge, and to tell nobody. */
  follow(event: AlertEvent): void;
}
