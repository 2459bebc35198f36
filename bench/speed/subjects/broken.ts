import { APIConnectionError } from '@anthropic-ai/sdk';

/** What an attempt fails by; one object, so that nobody pays for making it. */
export const BROKEN = new APIConnectionError({ message: 'The connection broke' });

export const fail = async (): Promise<never> => {
  throw BROKEN;
};
