import type { Advice } from '../advice.js';
import type { AdviceRule } from '../advice-view.js';
import { HOUR_MS } from '../feature-figures.js';
import { counted } from '../figures-in-words.js';
import type { RetiringModel } from '../retiring-models.js';

const DAY_MS = 24 * HOUR_MS;
/** A model counts as in use for so long after its last request. */
const IN_USE_MS = DAY_MS;

/** A model in use that is deprecated. One request is enough: it is a fact, not an estimate. */
export const deprecatedModel: AdviceRule = ({ feature: { name }, figures, nowMs, wallMs }) =>
  [...figures.retiring]
    .filter(([, usedAtMs]) => nowMs - usedAtMs < IN_USE_MS)
    .map(([retiring]) => adviceOf(name, retiring, wallMs));

function adviceOf(feature: string, { model, retiresOn, successor }: RetiringModel, wallMs: number): Advice {
  const daysLeft = Math.ceil((Date.parse(retiresOn) - wallMs) / DAY_MS);
  const fate =
    daysLeft > 0
      ? `is deprecated and will be retired on ${retiresOn}, in ${counted(daysLeft, 'day')}`
      : `was to be retired on ${retiresOn}`;
  return {
    topic: 'deprecated_model',
    feature,
    model,
    evidence: { model, retiresOn, daysLeft, successor },
    sentence: `"${feature}" uses ${model}, which ${fate}: move to a current model, such as ${successor}.`,
  };
}
