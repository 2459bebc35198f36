import type { Clock } from '../clock.port.js';
import { AccountGate } from './account-gate.js';
import type { AccountNotice } from './account-notice.js';
import type { ResolvedAccountOptions } from './account.options.js';

/** One gate per platform, made when first asked for. Bounded: only declared platforms have one. */
export class AccountRegistry {
  readonly #gates = new Map<string, AccountGate>();
  readonly #platforms: ReadonlySet<string>;

  /** @param platforms names of all platforms with a credential of their own */
  constructor(
    platforms: Iterable<string>,
    private readonly options: ResolvedAccountOptions | false,
    private readonly clock: Clock,
    private readonly onNotice: (notice: AccountNotice) => void,
  ) {
    this.#platforms = new Set(platforms);
  }

  /** @throws when nobody declared the platform: a target names one that is not in the options, our own error */
  of(platform: string): AccountGate {
    const known = this.#gates.get(platform);
    if (known !== undefined) return known;
    if (!this.#platforms.has(platform)) throw new Error(`No platform was declared by the name of "${platform}"`);
    const gate = new AccountGate(platform, this.options, this.clock, this.onNotice);
    this.#gates.set(platform, gate);
    return gate;
  }

  /** The gates of all declared platforms, in the order of declaration. */
  all(): readonly AccountGate[] {
    return [...this.#platforms].map((platform) => this.of(platform));
  }
}
