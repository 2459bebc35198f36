import { answerAtOnce } from './answer.js';
import { fail } from './broken.js';
import { cockatielBreaker } from './cockatiel-wrap.js';
import { opossumBreaker } from './opossum-breaker.js';
import { openOurApp } from './our-app.js';
import { tripped } from './tripped.js';
import type { Subjects } from './subject.js';

/** A call that is refused, since the circuit is open and nobody answers in its place. */
export async function openRefusal(): Promise<Subjects> {
  const { service, close } = await openOurApp();
  await tripped(() => service.run('paused', fail));
  const policy = cockatielBreaker(5);
  await tripped(() => policy.execute(fail));
  const breaker = opossumBreaker(answerAtOnce);
  breaker.open();
  const error = new Error('refused');
  return {
    subjects: [
      { name: 'bare rejection, one error', call: () => Promise.reject(error) },
      { name: 'ours: run', call: () => service.run('paused', answerAtOnce) },
      { name: 'cockatiel breaker', call: () => policy.execute(answerAtOnce) },
      { name: 'opossum fire', call: () => breaker.fire() },
    ],
    close: async () => {
      breaker.shutdown();
      await close();
    },
  };
}
