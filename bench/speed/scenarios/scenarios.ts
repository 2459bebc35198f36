import type { Scenario } from '../harness/scenario.js';
import { failure } from './failure.js';
import { features } from './features.js';
import { nest } from './nest.js';
import { openFallback } from './open-fallback.js';
import { pending } from './pending.js';
import { queue } from './queue.js';
import { recording } from './recording.js';
import { refusal } from './refusal.js';
import { sdk } from './sdk.js';
import { startUp } from './start-up.js';
import { stream } from './stream.js';
import { success } from './success.js';
import { window } from './window.js';

/** In the order in which they are measured. */
export const SCENARIOS: readonly Scenario[] = [
  success,
  refusal,
  openFallback,
  failure,
  recording,
  stream,
  pending,
  window,
  features,
  sdk,
  nest,
  startUp,
  queue,
];
