import type { OptionReader } from '../option-reader.js';

/** The platform of models that name none: the client of this module's own options. */
export const OWN_PLATFORM = 'anthropic';

/** A model of the API; or one of a client in `platforms`, under the name it has there. */
export type ModelChoice = string | { readonly model: string; readonly platform: string };

export interface ResolvedModelChoice {
  readonly model: string;
  readonly platform: string;
}

const NONE: readonly ResolvedModelChoice[] = Object.freeze([]);

/** Reads `models`. @param platforms names that a choice may have */
export function readModels(read: OptionReader, platforms: readonly string[]): readonly ResolvedModelChoice[] {
  const value = read.take('models');
  if (value === undefined) return NONE;
  const choices = Array.isArray(value) ? value.map((choice) => resolved(choice, platforms)) : [undefined];
  const wrong = choices.indexOf(undefined);
  if (wrong >= 0) {
    const names = platforms.filter((name) => name !== OWN_PLATFORM).map((name) => `"${name}"`);
    const others = names.length > 0 ? `, or of { model, platform } with platform one of ${names.join(', ')}` : '';
    const given = Array.isArray(value) ? value[wrong] : value;
    read.reject('models', `a list of model ids${others}`, given);
    return NONE;
  }
  const known = choices.filter((choice) => choice !== undefined);
  const twice = known.find((one, index) => known.findIndex((other) => isSame(one, other)) !== index);
  if (twice !== undefined) read.reject('models', 'each model once', twice.model);
  return Object.freeze(known);
}

function isSame(one: ResolvedModelChoice, other: ResolvedModelChoice): boolean {
  return one.model === other.model && one.platform === other.platform;
}

function resolved(choice: unknown, platforms: readonly string[]): ResolvedModelChoice | undefined {
  if (isText(choice)) return Object.freeze({ model: choice, platform: OWN_PLATFORM });
  if (typeof choice !== 'object' || choice === null) return undefined;
  const { model, platform, ...rest } = choice as Readonly<Record<string, unknown>>;
  const isKnown = typeof platform === 'string' && platforms.includes(platform) && Object.keys(rest).length === 0;
  return isText(model) && isKnown ? Object.freeze({ model, platform }) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
