import type { StoreTrouble } from '../core/deferral/request-store-errors.js';

interface Trouble {
  readonly trouble: StoreTrouble;
  readonly explanation: string;
}

const UNREACHABLE: Trouble = {
  trouble: 'unreachable',
  explanation: 'does not answer, or not in time; it may have heard all the same',
};

/** By the first word of what Redis says. */
const REFUSALS: Readonly<Record<string, Trouble>> = {
  WRONGTYPE: { trouble: 'not_ours', explanation: 'something else uses our keys: give "prefix" another name' },
  OOM: {
    trouble: 'disk_full',
    explanation: 'its memory is full: raise maxmemory, and leave maxmemory-policy at noeviction',
  },
  READONLY: { trouble: 'not_writable', explanation: 'it is a replica that only reads: connect to the primary' },
  MISCONF: { trouble: 'not_writable', explanation: 'it cannot write to its disk, and takes nothing more' },
  NOPERM: { trouble: 'not_writable', explanation: 'its user may not run what is asked of it' },
};

/** Why a command of ours failed, in our words. */
export function redisTroubleOf(error: unknown): Trouble {
  const { name, message } = error as { readonly name?: unknown; readonly message?: unknown };
  if (name !== 'ReplyError' || typeof message !== 'string') return UNREACHABLE;
  // Those of a script come as `ERR WRONGTYPE ...` or with the word first, by version.
  const word = Object.keys(REFUSALS).find((known) =>
    new RegExp(`^(ERR )?(Error running script.*)?-?${known}\\b`).test(message),
  );
  return (
    (word === undefined ? undefined : REFUSALS[word]) ?? {
      trouble: 'io',
      explanation: 'it refuses what is asked of it',
    }
  );
}
