import type { ErrorType } from '../api/error-type.js';
import type { RefusalCategory } from '../api/refusal-category.js';

/** What goes wrong, as data. */
export type Fault =
  /** An error of the API itself, with a JSON body. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly type: ErrorType;
      /** May hold `{next month}`: the day on which a monthly limit starts anew. */
      readonly message: string;
      /** `error.details`: an `error_code` and what belongs to it, or null. */
      readonly details: Readonly<Record<string, string>> | null;
      /** Seconds in `retry-after`; null leaves the header out. */
      readonly retryAfterSeconds: number | null;
      readonly headers: Readonly<Record<string, string>>;
      /** `exhausted`: the rate-limit headers say that no request is left; `absent`: there are none. */
      readonly rateLimits: 'exhausted' | 'absent';
    }
  /** A page of the edge in front of the API. */
  | { readonly kind: 'page'; readonly status: number; readonly message: string }
  /** 200, but the model declines: no content, `stop_reason: "refusal"`. */
  | { readonly kind: 'refusal'; readonly category: RefusalCategory; readonly message: string | null }
  /** A healthy answer, late. */
  | { readonly kind: 'slow' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  /** A healthy answer that breaks on its way. */
  | { readonly kind: 'damage'; readonly damage: Damage }
  /** A stream goes wrong on its way; requests for anything but a stream are left alone. */
  | {
      readonly kind: 'stream';
      readonly how: StreamFault;
      /** Where, if the rule does not say; see `afterEvents` of a rule. */
      readonly afterEvents: number | null;
    }
  /** An item of a batch whose turn never comes. */
  | { readonly kind: 'expired' }
  /** Whatever the rule says. */
  | { readonly kind: 'custom' };

export type Damage = 'stalled' | 'truncated' | 'reset' | 'broken_json' | 'html' | 'empty';

export type StreamFault =
  | 'error'
  | 'eof'
  | 'eof_after_delta'
  | 'reset'
  | 'silence'
  | 'refusal'
  | 'unknown_event'
  | 'slow';
