import type { Clock } from '../../libs/claude-resilience/src/core/clock.port.js';
import { OptionReader } from '../../libs/claude-resilience/src/core/option-reader.js';
import { readResilienceOptions } from '../../libs/claude-resilience/src/core/options.js';
import type { Random } from '../../libs/claude-resilience/src/core/random.port.js';
import { ClaudeCatalogueWording } from '../../libs/claude-resilience/src/core/wording/claude-catalogue-wording.js';
import { ClaudeRuntime } from '../../libs/claude-resilience/src/runtime/claude-runtime.js';
import { ATTEMPT_TIMEOUT_MS, DEADLINE_MS } from './scenario.js';

/**
 * The library's own core, wired as an application has it: default options but for the scenario's times.
 *
 * @param options as given to `forRoot`, to try variants
 * @throws {Error} naming every bad option
 */
export function startOurCore(options: object, clock: Clock, random: Random): ClaudeRuntime {
  const issues: string[] = [];
  const given = { timeoutMs: ATTEMPT_TIMEOUT_MS, deadlineMs: DEADLINE_MS, ...options };
  const read = new OptionReader('', given, issues);
  const resolved = readResilienceOptions(read, issues);
  read.done();
  if (issues.length > 0) throw new Error(issues.join('\n'));
  return new ClaudeRuntime(resolved, clock, random, new ClaudeCatalogueWording());
}
