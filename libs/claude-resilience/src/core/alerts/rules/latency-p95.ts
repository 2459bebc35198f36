import type { LatencyReading } from '../alert-readings.js';
import type { AlertFinding, AlertRule } from '../alert-rule.js';
import type { LatencyThresholds } from '../alert-thresholds.js';
import { durationInWords, factorInWords } from '../figures-in-words.js';
import { judgeLevel, RESOLVE_RATIO_OF_BASELINE } from '../judge-level.js';
import { TRAFFIC_WINDOW_MS } from './traffic-in-words.js';

/** R31: the p95 of a workflow and model above 2 times its baseline, for 3 minutes. */
export const latencyP95: AlertRule = {
  id: 'latency_p95',
  scope: 'workflow',
  severity: 'warning',
  title: 'Answers take much longer than usual',
  judge: ({ latencies }, thresholdsFor) =>
    latencies.flatMap((reading) => {
      const limits = thresholdsFor(reading.workflow).latencyP95;
      return limits === false ? [] : [findingOf(reading, limits)];
    }),
};

function findingOf(
  { workflow, model, samples, p95Ms, baselineMs, isBorneOut }: LatencyReading,
  limits: LatencyThresholds,
): AlertFinding {
  const isLearning = baselineMs === undefined;
  // Until it is known what is usual, what somebody said that it should be.
  const threshold = isLearning ? 1 : limits.factor;
  const usualMs = baselineMs ?? (limits.staticP95Ms === false ? NaN : limits.staticP95Ms);
  const value = p95Ms / usualMs;
  const level = judgeLevel(value, { threshold, resolveBelow: threshold * RESOLVE_RATIO_OF_BASELINE });
  const compared = isLearning ? 'the limit' : 'usual';
  return {
    labels: { ...(model !== undefined && { model }), workflow },
    verdict:
      samples < limits.minSamples || !(usualMs > 0)
        ? 'no_data'
        : level === 'breach' && isBorneOut === false
          ? 'between'
          : level,
    severity: 'warning',
    timing: limits,
    figures: {
      value: Number.isFinite(value) ? value : 0,
      threshold,
      unit: 'factor',
      samples,
      windowMs: TRAFFIC_WINDOW_MS,
    },
    summary: `Claude latency in ${workflow}${model === undefined ? '' : ` (${model})`}: p95 is ${durationInWords(p95Ms)}, ${factorInWords(value)} times ${compared} (${durationInWords(usualMs)}), ${samples} calls in 5 min`,
    usersSee: `Users: one answer in twenty takes longer than ${durationInWords(p95Ms)}.`,
  };
}
