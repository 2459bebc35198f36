import type { Abilities, ClaudeCall, Objection, Sending, Target, TokenEstimate } from '../core/call.js';
import { bytesOver, MAX_REQUEST_BYTES } from '../core/parts/request-bytes.js';
import { adaptParams, type Adaptation } from './models/adapt-params.js';
import { estimateTokens } from './models/estimate-tokens.js';
import type { AdaptableParams } from './models/adaptable-params.js';
import { withSafetyInstructions } from './with-safety-instructions.js';

type Screen = (call: ClaudeCall) => Promise<Objection | undefined>;

const OVERSIZE: Objection = { facts: { from: 'oversize' }, cause: undefined };

/** One request of a caller's, as each model takes it. Made for the first choice; what differs for the others is kept. */
export class RequestPlan<P extends AdaptableParams> implements Abilities {
  #estimates: Map<string, TokenEstimate> | undefined;
  #adapted: Map<string, Adaptation> | undefined;

  /**
   * @param canReformulate whether the caller's feature allows the question to be put differently (R18)
   * @param screen looks at it before anything is sent (R17)
   */
  constructor(
    private readonly params: P,
    readonly canReformulate: boolean,
    private readonly screen?: Screen,
  ) {}

  /** What the API would answer with a 413 once all of it was sent is said here (R5); then the screener is asked. */
  objection(call: ClaudeCall): ReturnType<Screen> | Objection | undefined {
    if (orElse(() => bytesOver(this.params, MAX_REQUEST_BYTES), undefined) !== undefined) return OVERSIZE;
    return this.screen?.(call);
  }

  estimate({ model = this.params.model }: Pick<Target, 'model'>): TokenEstimate {
    const known = this.#estimates?.get(model);
    if (known !== undefined) return known;
    const { max_tokens: outputTokens = 0 } = this.params;
    const estimate = { inputTokens: orElse(() => estimateTokens(this.params, model), 0), outputTokens };
    (this.#estimates ??= new Map<string, TokenEstimate>()).set(model, estimate);
    return estimate;
  }

  suits({ model }: Pick<Target, 'model'>): boolean {
    return this.#for(model).fits;
  }

  /** The request as `sending` puts it. */
  paramsFor({ target, isReformulated }: Pick<Sending, 'target' | 'isReformulated'>): P {
    const adaptation = this.#for(target.model);
    // The first choice gets what the caller wrote, whatever we think of it.
    const params = adaptation.fits ? (adaptation.params as P) : this.params;
    return isReformulated ? withSafetyInstructions(params) : params;
  }

  #for(model: string | undefined): Adaptation {
    if (model === undefined || model === this.params.model) return { fits: true, params: this.params, changed: [] };
    const known = this.#adapted?.get(model);
    if (known !== undefined) return known;
    const adaptation = orElse(() => adaptParams(this.params, this.params.model, model), MISSHAPEN);
    (this.#adapted ??= new Map<string, Adaptation>()).set(model, adaptation);
    return adaptation;
  }
}

const MISSHAPEN: Adaptation = { fits: false, why: 'unfinished_turn' };

/** What is no request by its form is for the API to refuse, in its words, when the first choice is asked as written. */
function orElse<T>(look: () => T, unreadable: T): T {
  try {
    return look();
  } catch {
    return unreadable;
  }
}
