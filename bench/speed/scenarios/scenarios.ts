import type { Scenario } from '../harness/scenario.js';
import { failure } from './failure.js';
import { openFallback } from './open-fallback.js';
import { recording } from './recording.js';
import { refusal } from './refusal.js';
import { success } from './success.js';

/** In the order in which they are measured. */
export const SCENARIOS: readonly Scenario[] = [success, refusal, openFallback, failure, recording];
