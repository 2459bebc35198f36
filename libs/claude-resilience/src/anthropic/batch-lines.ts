/** Longest line that is kept whole, in UTF-16 units: no answer comes near. */
const LONGEST_LINE = 32 * 1024 * 1024;

/** The lines of a body, without blank ones. A longer line than any answer comes as an empty one, which is no JSON. */
export async function* batchLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      if (isTooLong) yield '';
      else if (line.trim() !== '') yield line;
      isTooLong = false;
    }
    if (rest.length > LONGEST_LINE) {
      isTooLong = true;
      rest = '';
    }
  }
  rest += decoder.decode();
  if (isTooLong || rest.trim() !== '') yield isTooLong ? '' : rest;
}
