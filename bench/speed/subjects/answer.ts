/** A model of today: the SDK writes a warning for each call of one that is retiring. */
export const MODEL = 'claude-sonnet-5';

export const PARAMS = {
  model: MODEL,
  max_tokens: 256,
  messages: [{ role: 'user' as const, content: 'Summarise in one sentence: the meeting was moved to Tuesday.' }],
};

/** What the API answers, as far as anybody looks at it. */
export const ANSWER = {
  id: 'msg_bench',
  type: 'message' as const,
  role: 'assistant' as const,
  model: MODEL,
  content: [{ type: 'text' as const, text: 'The meeting is on Tuesday.', citations: null }],
  stop_reason: 'end_turn' as const,
  stop_sequence: null,
  usage: {
    input_tokens: 24,
    output_tokens: 9,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    service_tier: 'standard' as const,
    inference_geo: 'global',
  },
};

/** What every subject runs where the API would be asked. */
export const answerAtOnce = async (): Promise<typeof ANSWER> => ANSWER;
