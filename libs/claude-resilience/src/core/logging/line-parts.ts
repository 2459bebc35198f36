import type { ClaudeCall, Origin, Target, TokenUsage } from '../call.js';
import { knownUsdOf, unknownIn, type CostSum } from '../cost/cost-sum.js';
import { usdOf } from '../cost/money.js';
import type { Failure } from '../failure/failure.js';
import { OWN_PLATFORM } from '../route/model-choice.js';
import { plainWord } from './clean-field.js';
import type { LineFields } from './log-line.js';

export function ofCall({ id, feature, workflow, model, isStream, isCount }: ClaudeCall): LineFields {
  return { correlationId: id, feature, workflow, model, stream: isStream === true, ...(isCount && { count: true }) };
}

/** Lines of the module's own platform do not name it. */
export function ofTarget({ model, platform }: Pick<Target, 'model' | 'platform'>): LineFields {
  return { ...(model !== undefined && { model }), ...(platform !== OWN_PLATFORM && { platform }) };
}

export function ofOrigin(origin: Origin | undefined): LineFields {
  if (origin === undefined) return {};
  const { isReformulated, insteadOf } = origin;
  return {
    ...ofTarget(origin),
    ...(isReformulated && { isReformulated }),
    ...(insteadOf.length > 0 && { insteadOf: insteadOf.map(({ model, kind }) => `${model}: ${kind}`) }),
  };
}

/** Kinds, rules, codes and ids of ours, and the API's request id; nothing that it said. */
export function ofFailure(
  failure: (Pick<Failure, 'kind' | 'rule' | 'severity'> & Partial<Failure>) | undefined,
): LineFields {
  if (failure === undefined) return {};
  const { kind, rule, severity, isUnknown, status, requestId, retryAfterMs, accessReturnsAtMs } = failure;
  return {
    errorType: kind,
    rule,
    severity,
    ...(isUnknown === true && { isUnknown }),
    upstreamStatus: status,
    requestId: plainWord(requestId),
    retryAfterMs,
    ...(accessReturnsAtMs !== undefined && { accessReturnsAt: new Date(accessReturnsAtMs).toISOString() }),
  };
}

export function ofUsage(usage: TokenUsage | undefined): LineFields {
  if (usage === undefined) return {};
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
}

/** Where nobody knows a price, no line says that it was nothing. */
export function ofCost(cost: CostSum | undefined): LineFields {
  if (cost === undefined) return {};
  const costUsd = knownUsdOf(cost);
  const unknown = unknownIn(cost);
  return {
    ...((unknown === 0 || costUsd > 0) && { costUsd }),
    ...(usdOf(cost.estimated) > 0 && { costIsEstimated: true }),
    ...(unknown > 0 && { costUnknown: unknown }),
  };
}
