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
  /** Of the model asked about last: mostly there is one. */
  #estimate: TokenEstimate | undefined;
  #estimatedFor: string | undefined;
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
    return isOversize(this.params) ? OVERSIZE : this.screen?.(call);
  }

  estimate({ model = this.params.model }: Pick<Target, 'model'>): TokenEstimate {
    if (this.#estimate !== undefined && this.#estimatedFor === model) return this.#estimate;
    this.#estimatedFor = model;
    return (this.#estimate = estimateOf(this.params, model));
  }

  suits({ model }: Pick<Target, 'model'>): boolean {
    return this.adaptationTo(model)?.fits !== false;
  }

  /** The request as `sending` puts it. */
  paramsFor({ target, isReformulated }: Pick<Sending, 'target' | 'isReformulated'>): P {
    const adaptation = this.adaptationTo(target.model);
    const params = adaptation?.fits === true ? (adaptation.params as P) : this.params;
    return isReformulated ? withSafetyInstructions(params) : params;
  }

  /** `undefined` for the first choice: that one gets what the caller wrote, whatever we think of it. */
  private adaptationTo(model: string | undefined): Adaptation | undefined {
    if (model === undefined || model === this.params.model) return undefined;
    const known = this.#adapted?.get(model);
    if (known !== undefined) return known;
    const adaptation = adapted(this.params, model);
    (this.#adapted ??= new Map<string, Adaptation>()).set(model, adaptation);
    return adaptation;
  }
}

const MISSHAPEN: Adaptation = { fits: false, why: 'unfinished_turn' };

// What is no request by its form is for the API to refuse, in its words, when the first choice is asked as written.

function isOversize(params: object): boolean {
  try {
    return bytesOver(params, MAX_REQUEST_BYTES) !== undefined;
  } catch {
    return false;
  }
}

function estimateOf(params: AdaptableParams, model: string): TokenEstimate {
  const { max_tokens: outputTokens = 0 } = params;
  try {
    return { inputTokens: estimateTokens(params, model), outputTokens };
  } catch {
    return { inputTokens: 0, outputTokens };
  }
}

function adapted(params: AdaptableParams, model: string): Adaptation {
  try {
    return adaptParams(params, params.model, model);
  } catch {
    return MISSHAPEN;
  }
}
