/** Ids with a date that exist; since 4.6 there are none. Another date may be another model, at another price. */
const SNAPSHOTS: Readonly<Record<string, string>> = {
  'claude-opus-4-5': '20251101',
  'claude-haiku-4-5': '20251001',
  'claude-sonnet-4-5': '20250929',
};

const OWN = /^(claude-[a-z0-9-]+?)(?:-(\d{8}))?$/;
const BEDROCK =
  /^(?:(?:us|us-gov|eu|apac|jp|au|ca|global)\.)?anthropic\.(claude-[a-z0-9-]+?)(?:-(\d{8}))?(?:-v\d+(?::\d+)?)?$/;
const VERTEX = /^(?:publishers\/anthropic\/models\/)?(claude-[a-z0-9-]+?)(?:@(?:(\d{8})|default|latest))?$/;
/** Longer than any id. */
const MOST_CHARACTERS = 200;

export interface PricedModel {
  /** Its name in the price list, if it is there. */
  readonly model: string;
  /** Another platform sells it, at prices of its own: regional ones are up to a tenth higher than the list. */
  readonly isForeign: boolean;
}

/**
 * Which model an id means, by the names of the API, of Bedrock and of Vertex; `undefined` where that is not sure, as for
 * deployments and inference profiles that have names of their own.
 */
export function pricedModel(id: string): PricedModel | undefined {
  if (id.length > MOST_CHARACTERS) return undefined;
  const own = OWN.exec(id);
  const [, model, date] = own ?? BEDROCK.exec(id) ?? VERTEX.exec(id) ?? [];
  if (model === undefined || (date !== undefined && SNAPSHOTS[model] !== date)) return undefined;
  return { model, isForeign: own === null };
}
