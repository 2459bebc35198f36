/** A model that the API will stop answering for. */
export interface RetiringModel {
  readonly model: string;
  /** The name it is asked by, here and on other platforms. */
  readonly isAskedBy: RegExp;
  /** First day (UTC) on which requests fail with 404. */
  readonly retiresOn: string;
  readonly successor: string;
}

/**
 * Deprecated models, with the dates Anthropic has set. Models that have only a "not before" date are not in it: there is
 * nothing to do about them yet.
 *
 * @see https://platform.claude.com/docs/en/about-claude/model-deprecations (read in November 2026); the same is in
 *   `lifecycle` and `retires_at` of the Models API
 */
export const RETIRING_MODELS: readonly RetiringModel[] = [
  {
    model: 'claude-sonnet-4-5',
    isAskedBy: /\bclaude-sonnet-4-5(?!\d)/,
    retiresOn: '2026-11-30',
    successor: 'claude-sonnet-5-5',
  },
];

export function retiringModelNamed(name: string): RetiringModel | undefined {
  return RETIRING_MODELS.find(({ isAskedBy }) => isAskedBy.test(name));
}
