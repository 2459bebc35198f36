/** Why a request failed: RFC 9457 with what the module adds. Fields of the application's own are kept as they came. */
export interface ClaudeProblem {
  /** HTTP status, where it is known. */
  readonly status?: number;
  /** Stable, for programs: `CLAUDE_OVERLOADED`, ...; `CLAUDE_HTTP_<status>` for an answer that the module did not write. */
  readonly code: string;
  /** A plain sentence for the end user, in the language asked for with `Accept-Language`. */
  readonly message: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  /** What the user can do now, as words for programs: `retry`, `edit`, `shorten`, ... Empty if nothing. */
  readonly actions: readonly string[];
  /** For a support request. */
  readonly correlationId?: string;
  readonly [field: string]: unknown;
}
