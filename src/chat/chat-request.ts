import { z } from 'zod';

const MAX_CHARACTERS = 20_000;
const MAX_MESSAGES = 100;
const ROLES = ['user', 'assistant'] as const;

const message = z.object(
  {
    role: z.enum(ROLES, `must be one of ${ROLES.join(', ')}`),
    content: z
      .string('must be a text')
      .regex(/\S/, 'must not be empty')
      .max(MAX_CHARACTERS, `must have at most ${MAX_CHARACTERS.toLocaleString('en')} characters`),
  },
  'must be an object with role and content',
);

export const chatRequest = z.object({
  /** What was said so far, the oldest first. */
  messages: z
    .array(message, 'must be a list of messages')
    .min(1, 'must have at least 1 entry')
    .max(MAX_MESSAGES, `must have at most ${MAX_MESSAGES} entries`)
    .refine((messages) => messages.at(0)?.role === 'user', 'must begin with a message of the user')
    .refine((messages) => messages.at(-1)?.role === 'user', 'must end with a message of the user'),
});

export type ChatRequest = z.infer<typeof chatRequest>;
