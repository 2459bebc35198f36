import type { Answerer } from './answerer.js';
import { findInterruption } from './find-interruption.js';
import { quotedBeginning } from './quoted-beginning.js';

/**
 * Goes on with answers that were cut: asked to continue one, it writes the whole answer to the original prompt once more
 * and leaves out what the caller already has. So the two parts joined are the answer, as long as the answerer gives the
 * same text for the same request.
 * @param overlap characters from before the cut that are repeated
 */
export function continuingAnswerer(answerer: Answerer, overlap: number): Answerer {
  return async (request) => {
    const interruption = findInterruption(request);
    if (interruption === null) return answerer(request);
    const { original, assistantText, instruction } = interruption;
    const full: unknown = await answerer(original);
    if (typeof full !== 'string') return answerer(request);

    const written = full.startsWith(assistantText) ? assistantText : '';
    const quoted = instruction === null ? '' : quotedBeginning(full, instruction);
    const has = written.length > quoted.length ? written : quoted;
    // Talk of interruptions is not enough: some of the answer has to be there, and, without a quote, some to be missing.
    const isContinuation = has !== '' && (instruction === null || quoted !== '' || has.length < full.length);
    return isContinuation ? full.slice(Math.max(0, has.length - overlap)) : answerer(request);
  };
}
