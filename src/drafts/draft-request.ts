import { z } from 'zod';

const MAX_TEMPLATE_CHARACTERS = 10_000;
const MAX_VALUE_CHARACTERS = 2_000;
const MAX_VARIABLES = 50;

const MUST_BE_VALUES = 'must be an object of names with texts or numbers';

const value = z.union(
  [z.string().max(MAX_VALUE_CHARACTERS), z.number()],
  `${MUST_BE_VALUES} of at most ${MAX_VALUE_CHARACTERS.toLocaleString('en')} characters`,
);

export const draftRequest = z.object({
  /** `{{name}}` stands for the variable of that name. */
  template: z
    .string('must be a text')
    .regex(/\S/, 'must not be empty')
    .max(MAX_TEMPLATE_CHARACTERS, `must have at most ${MAX_TEMPLATE_CHARACTERS.toLocaleString('en')} characters`),
  variables: z
    .record(z.string().max(60), value, MUST_BE_VALUES)
    .refine(
      (variables) => Object.keys(variables).length <= MAX_VARIABLES,
      `must have at most ${MAX_VARIABLES} entries`,
    ),
});

export type DraftRequest = z.infer<typeof draftRequest>;
