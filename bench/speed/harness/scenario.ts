import type { Effort } from './effort.js';
import type { Section } from './section.js';

export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  measure(effort: Effort): Promise<readonly Section[]>;
}
