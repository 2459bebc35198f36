/** 2 KB, as JSON text. */
export const PARAMETERS = JSON.stringify({ text: 'x'.repeat(2_000) });
/** 1 KB. */
export const RESULT = JSON.stringify({ text: 'y'.repeat(1_000) });
