/** What the API says a refusal was about. Source: its guide to refusals, October 2026. */
export const REFUSAL_CATEGORIES = ['cyber', 'bio', 'frontier_llm', 'reasoning_extraction', 'general_harms'] as const;
export type RefusalCategory = (typeof REFUSAL_CATEGORIES)[number];
