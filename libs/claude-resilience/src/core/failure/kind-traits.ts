import type { FailureKind, FailureScope, FailureSeverity, OtherModel } from './failure.js';

/** What follows from a failure unless its row says otherwise. */
export interface Traits {
  readonly scope: FailureScope;
  /** Whether it counts against the circuit; a 429 pauses, it does not trip. */
  readonly verdict: 'failure' | 'neutral';
  readonly mayFallBackToModel: OtherModel;
  /** Whether the same request can be answered later, from a queue. */
  readonly mayQueue: boolean;
  /** Whether every call with the same credential will fail alike, until somebody acts or a known date comes. */
  readonly stopsAccount: boolean;
  readonly severity: FailureSeverity;
  /** For operators, one line. */
  readonly action?: string;
}

// oxfmt-ignore
export const KIND_TRAITS: Readonly<Record<FailureKind, Traits>> = {
  //                       reaches                  circuit               another model?                        queue? stops account? severity
  invalid_request: traits('request',      'neutral', 'no',           false, false, 'info',     'Mend what builds this request: a field, a parameter, or how they go with the model.'),
  content_policy:  traits('request',      'neutral', 'opt_in',          false, false, 'info',     'Nothing for one; if they grow, look at what users enter, and screen it before it is sent.'),
  authentication:  traits('credential',   'neutral', 'no',           false, true,  'critical', 'Check the API key: it is missing, wrong or revoked.'),
  permission:      traits('credential',   'neutral', 'yes',          false, false, 'warning',  "Check the account's permissions for this model and feature, and whether it is on hold."),
  not_found:       traits('model_class',  'neutral', 'yes',          false, false, 'warning',  'Check the model id: it is wrong, or the model is retired.'),
  too_large:       traits('request',      'neutral', 'no',           false, false, 'none',     'Shorten or split the input.'),
  billing:         traits('organisation', 'neutral', 'no',           false, true,  'critical', 'Check the spend limits and the credit balance of the account.'),
  rate_limited:    traits('model_class',  'neutral', 'other_bucket', true,  false, 'info',     'If it lasts: spread the load, or ask for higher limits.'),
  server_error:    traits('service',      'failure', 'yes',          true,  false, 'info',     "If it lasts: look at the provider's status page."),
  overloaded:      traits('service',      'failure', 'yes',          true,  false, 'info',     'If it lasts: use another model, or move work that can wait to the Batch API.'),
  timeout:         traits('service',      'failure', 'after_retries',          true,  false, 'info',     'If it recurs: allow more time, ask for less in one request, or stream.'),
  connection:      traits('service',      'failure', 'after_retries',          true,  false, 'info',     'If it lasts: check network, proxy and the address of the API.'),
  cancelled:       traits('request',      'neutral', 'no',           false, false, 'none'),
  circuit_open:    traits('feature',      'neutral', 'no',           true,  false, 'none',     'Look at the failures that opened it.'),
  internal:        traits('feature',      'neutral', 'no',           false, false, 'warning',  'Look at the cause: it is an error of the application.'),
};

function traits(
  scope: FailureScope,
  verdict: Traits['verdict'],
  mayFallBackToModel: Traits['mayFallBackToModel'],
  mayQueue: boolean,
  stopsAccount: boolean,
  severity: FailureSeverity,
  action?: string,
): Traits {
  return {
    scope,
    verdict,
    mayFallBackToModel,
    mayQueue,
    stopsAccount,
    severity,
    ...(action !== undefined && { action }),
  };
}
