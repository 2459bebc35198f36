import { row, type Theme } from '../diagnosis-row.js';

// oxfmt-ignore
export const CONTENT: Theme = {
  title: 'The model or a filter declines',
  rows: [
    row('content_filter', { says: /blocked by content filtering policy/i }, 'content_policy', { words: 'Output blocked by content filtering policy' }),
    row('refusal',        { from: 'refusal' },                              'content_policy', { words: '200 with `stop_reason: "refusal"`' }),
  ],
};
