import { HttpException } from '@nestjs/common';

/** What an operator, or a program of theirs, is told: RFC 9457, in English. */
export interface OperatorProblemDetails {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: `CLAUDE_${string}`;
  /** The same sentence as `detail`. */
  readonly message: string;
  /** What is wrong with what was sent, one line for each. */
  readonly issues?: readonly string[];
}

const TITLES = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

/** Thrown by operator routes; `OperatorProblemFilter` answers it. */
export class OperatorProblem extends HttpException {
  constructor(
    private readonly answer: keyof typeof TITLES,
    readonly code: `CLAUDE_${string}`,
    sentence: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly issues?: readonly string[],
  ) {
    super(sentence, answer);
  }

  get details(): OperatorProblemDetails {
    const { answer: status, code, message, issues } = this;
    const said = { type: 'about:blank', title: TITLES[status], status, detail: message, code, message } as const;
    return issues === undefined ? said : { ...said, issues };
  }
}
