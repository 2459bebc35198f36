import { fail } from './broken.js';
import { cockatielBreaker } from './cockatiel-wrap.js';
import { opossumBreaker } from './opossum-breaker.js';
import { openOurApp } from './our-app.js';
import type { Subjects } from './subject.js';

/** A call that fails and is not repeated, where the circuit stays closed. */
export async function openFailure(): Promise<Subjects> {
  const { service, close } = await openOurApp();
  const policy = cockatielBreaker(1_000_000_000);
  const breaker = opossumBreaker(fail, 1_000_000_000);
  return {
    subjects: [
      { name: 'bare rejection, one error', call: fail },
      { name: 'ours: run', call: () => service.run('failing', fail) },
      { name: 'cockatiel breaker', call: () => policy.execute(fail) },
      { name: 'opossum fire', call: () => breaker.fire() },
    ],
    close: async () => {
      breaker.shutdown();
      await close();
    },
  };
}
