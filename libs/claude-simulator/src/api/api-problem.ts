import type { ErrorType } from './error-type.js';

/** An error the API answers with, as a value. */
export interface ApiProblem {
  readonly status: number;
  readonly type: ErrorType;
  readonly message: string;
  /** `error.details`; null, as the API often sends it, where there is no code. */
  readonly details: Readonly<Record<string, string>> | null;
  /** Headers of its own, such as `retry-after`. */
  readonly headers: Readonly<Record<string, string>>;
}

export function apiProblem(
  status: number,
  type: ErrorType,
  message: string,
  more: Partial<Pick<ApiProblem, 'details' | 'headers'>> = {},
): ApiProblem {
  return { status, type, message, details: null, headers: {}, ...more };
}

export function invalidRequest(message: string, errorCode?: string): ApiProblem {
  const details = errorCode === undefined ? null : { error_code: errorCode };
  return apiProblem(400, 'invalid_request_error', message, { details });
}
