import { z } from 'zod';

const MAX_CHARACTERS = 20_000;
const MAX_LABELS = 50;
const MAX_LABEL_CHARACTERS = 60;

const label = z
  .string('must be a text')
  .regex(/\S/, 'must not be empty')
  .max(MAX_LABEL_CHARACTERS, `must have at most ${MAX_LABEL_CHARACTERS} characters`);

export const classificationRequest = z.object({
  text: z
    .string('must be a text')
    .regex(/\S/, 'must not be empty')
    .max(MAX_CHARACTERS, `must have at most ${MAX_CHARACTERS.toLocaleString('en')} characters`),
  labels: z
    .array(label, 'must be a list of texts')
    .min(2, 'must have at least 2 entries')
    .max(MAX_LABELS, `must have at most ${MAX_LABELS} entries`),
});

export type ClassificationRequest = z.infer<typeof classificationRequest>;
