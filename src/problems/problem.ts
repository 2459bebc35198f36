import { STATUS_CODES } from 'node:http';
import type { ProblemDetails, UserAction } from 'nestjs-claude-resilience';

/** What is wrong with one field; never its value. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** RFC 9457, with the members that failed calls to Claude have as well: a client needs one way to read them all. */
export interface Problem extends ProblemDetails {
  readonly errors?: readonly FieldProblem[];
}

interface Wording {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly actions: readonly UserAction[];
}

const WORDING: Readonly<Record<number, Wording>> = {
  400: {
    code: 'INVALID_REQUEST',
    message: 'Something in this request is missing or wrong. Please check it and try again.',
    retryable: false,
    actions: ['edit'],
  },
  404: {
    code: 'NOT_FOUND',
    message: 'There is nothing at this address. Please check it and try again.',
    retryable: false,
    actions: ['edit'],
  },
  413: {
    code: 'TOO_LARGE',
    message: 'This is too long to process at once. Please shorten it or split it into parts.',
    retryable: false,
    actions: ['shorten'],
  },
  415: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'This kind of content cannot be read. Please send JSON in UTF-8.',
    retryable: false,
    actions: ['edit'],
  },
  503: {
    code: 'UNAVAILABLE',
    message: 'This feature is temporarily unavailable. Please try again shortly.',
    retryable: true,
    actions: ['retry', 'continue_without'],
  },
};

const REFUSED: Wording = {
  code: 'REQUEST_REFUSED',
  message: 'This request cannot be processed. Please check it and try again.',
  retryable: false,
  actions: ['edit'],
};

const OUR_FAULT: Wording = {
  code: 'INTERNAL_ERROR',
  message: 'Something went wrong on our side. Please try again later.',
  retryable: false,
  actions: ['contact_support'],
};

/** All words are ours: what an exception says of itself may quote the request, a parser or the API. */
export function problemOf(status: number, correlationId: string, errors?: readonly FieldProblem[]): Problem {
  const { code, message, retryable, actions } = WORDING[status] ?? (status < 500 ? REFUSED : OUR_FAULT);
  // Node says 'Payload Too Large' still; the name of RFC 9110 is that of failed calls to Claude, too.
  const title = status === 413 ? 'Content Too Large' : (STATUS_CODES[status] ?? 'Error');
  const problem = { type: 'about:blank', title, status, detail: message, code, message, retryable, actions } as const;
  return { ...problem, correlationId, ...(errors !== undefined && { errors }) };
}
