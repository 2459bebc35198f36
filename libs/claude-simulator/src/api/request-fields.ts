const SHARED = 'model messages system tools tool_choice thinking cache_control output_config speed';
/** Fields of the beta endpoint, which has the same path. */
const SHARED_BETA = 'betas billing_policy context_management mcp_servers output_format thread';
const CREATE = 'max_tokens metadata stop_sequences stream service_tier container diagnostics inference_geo';
const CREATE_BETA = 'compaction fallback_credit_token fallbacks user_profile_id workspace_id';
/** Known, and rejected by name since API version 2026-10-21. */
const SAMPLING = 'temperature top_p top_k';

const fields = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.flatMap((list) => list.split(' ')));

/** Top-level fields that the API takes; any other is a 400. Source: SDK 1.12.0. */
export const REQUEST_FIELDS = {
  create: fields(SHARED, SHARED_BETA, CREATE, CREATE_BETA, SAMPLING),
  count: fields(SHARED, SHARED_BETA),
} as const;
