import { row, type Theme } from '../diagnosis-row.js';

/** Limits that open again by themselves. */
// oxfmt-ignore
export const LIMITS: Theme = {
  title: 'Too much at once',
  rows: [
    row('ramp_limit',        { code: 'ramp_limit_exceeded' },                                            'rate_limited', { action: 'Traffic grew too fast: let it grow more slowly, above all after an outage.' }),
    row('ramp_limit_words',  { status: 429, says: /maximum usage increase rate|acceleration limit/i },   'rate_limited', { words: 'maximum usage increase rate', action: 'Traffic grew too fast: let it grow more slowly, above all after an outage.' }),
    row('concurrency_limit', { status: 429, says: /number of concurrent connections/i },                 'rate_limited', { words: 'Number of concurrent connections has exceeded your rate limit', action: 'Too many requests are open together: lower the number that run at a time.' }),
    row('fast_pool_limit',   { status: 429, says: /\bfast[- ]mode\b|\bfast_(itpmca|otpm)\b/i },          'rate_limited', { words: 'fast mode', action: 'Fast mode has limits of its own: use standard speed, or wait.' }),
    row('rate_limit',        { status: 429 },                                                            'rate_limited'),
  ],
};
