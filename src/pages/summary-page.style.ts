/** What only the summaries have. */
export const SUMMARY_STYLE = `
body { padding-bottom: 2.5rem; }
h2 { margin: 0; font-size: 1rem; line-height: 1.4; overflow-wrap: anywhere; }
li { display: grid; gap: .5rem; justify-items: start; }
.progress, .facts { margin: 0; font-size: .95rem; line-height: 1.4; }
.facts, [data-end="done"] .progress { color: var(--quiet); }
.facts { font-variant-numeric: tabular-nums; }
.answer:not([data-end="done"]) { border-left-color: var(--edge); }
.answer[data-end="failed"] { border-left-color: var(--warn); }
[data-end="failed"] .progress { color: var(--warn); }
.answer .plain { min-height: 2.5rem; }
`;
