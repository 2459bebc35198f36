import { row, type Theme } from '../diagnosis-row.js';

// oxfmt-ignore
export const CONTENT: Theme = {
  title: 'The model or a filter declines',
  rows: [
    row('content_filter', { says: /blocked by content filtering policy/i }, 'content_policy', { words: 'Output blocked by content filtering policy' }),
    row('refusal',        { from: 'refusal' },                              'content_policy', { words: '200 with `stop_reason: "refusal"`' }),
    row('screened',        { from: 'screener', verdict: 'rejected' },       'content_policy', { words: "the application's own screener does not allow it; nothing is sent" }),
    row('screener_failed', { from: 'screener', verdict: 'none' },           'internal', { severity: 'critical', words: "the application's own screener fails, hangs or answers nonsense; nothing is sent", action: 'Mend the content screener: while it fails, nothing of this feature is sent.' }),
  ],
};
