import { z } from 'zod';

/** Longer documents would not fit into the body limit in every script. */
const MAX_CHARACTERS = 2_000_000;

export const summaryRequest = z.object({
  document: z
    .string('must be a text')
    .regex(/\S/, 'must not be empty')
    .max(MAX_CHARACTERS, `must have at most ${MAX_CHARACTERS.toLocaleString('en')} characters`),
});

export type SummaryRequest = z.infer<typeof summaryRequest>;
