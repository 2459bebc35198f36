import { OptionReader, show } from '../option-reader.js';
import type { ReviewResolution } from './review-list.port.js';

const LONGEST_NAME = 200;
const LONGEST_NOTE = 4000;

/**
 * Reads what a person made of an item, wherever it comes from.
 * @returns `undefined`, and what is wrong in `issues`, when it cannot be kept
 */
export function readReviewResolution(given: unknown, issues: string[]): ReviewResolution | undefined {
  if (given === undefined) {
    issues.push(`resolution: an object, got ${show(given)}`);
    return undefined;
  }
  const found: string[] = [];
  const read = new OptionReader('resolution', given, found);
  const text = (name: keyof ReviewResolution, longest: number): string | undefined => {
    const value = read.take(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.trim() !== '' && value.length <= longest && value.isWellFormed())
      return value;
    read.reject(name, `a text of 1 to ${longest} characters`, value);
    return undefined;
  };
  const by = text('by', LONGEST_NAME);
  const label = text('label', LONGEST_NAME);
  const note = text('note', LONGEST_NOTE);
  if (by === undefined && found.length === 0) read.reject('by', `a text of 1 to ${LONGEST_NAME} characters`, by);
  read.done();
  issues.push(...found);
  if (by === undefined || found.length > 0) return undefined;
  return Object.freeze({ by, ...(label !== undefined && { label }), ...(note !== undefined && { note }) });
}
