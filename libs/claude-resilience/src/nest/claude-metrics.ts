import { Inject, Injectable } from '@nestjs/common';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { figuresOf, type MetricFigures } from '../core/metrics/metric-figures.js';
import { show } from '../core/option-reader.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';

/** Which calls figures are of; what is left out is not told apart. */
export interface MetricSelection {
  readonly workflow?: string;
  /** As asked for. */
  readonly model?: string;
}

/** Minutes that are kept. */
const LONGEST_MINUTES = 60;

/** What the calls of this process met lately, in numbers (R30-R33): since its start, for an hour at most. */
@Injectable()
export class ClaudeMetrics {
  constructor(@Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime) {}

  /**
   * @param minutes 1 to 60, the running one besides
   * @throws {ClaudeInvalidOptionsError} for another number
   */
  figures(minutes = 5, of: MetricSelection = {}): MetricFigures {
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MINUTES) {
      throw new ClaudeInvalidOptionsError([`minutes: an integer from 1 to ${LONGEST_MINUTES}, got ${show(minutes)}`]);
    }
    return figuresOf(this.runtime.metrics.window(minutes, of));
  }
}
