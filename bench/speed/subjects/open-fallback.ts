import { answerAtOnce } from './answer.js';
import { fail } from './broken.js';
import { cockatielBreaker, cockatielWrap } from './cockatiel-wrap.js';
import { opossumBreaker } from './opossum-breaker.js';
import { openOurApp } from './our-app.js';
import { tripped } from './tripped.js';
import type { Subjects } from './subject.js';

/** A call that a fallback answers, since the circuit is open. */
export async function openOpenFallback(): Promise<Subjects> {
  const { service, close } = await openOurApp();
  await tripped(() => service.run('replaced', fail));
  const inner = cockatielBreaker(5);
  await tripped(() => inner.execute(fail));
  const policy = cockatielWrap(inner);
  const breaker = opossumBreaker(answerAtOnce).fallback(() => 'later');
  breaker.open();
  return {
    subjects: [
      { name: 'bare await', call: async () => 'later' },
      { name: 'ours: run', call: () => service.run('replaced', answerAtOnce) },
      { name: 'cockatiel wrap', call: () => policy.execute(answerAtOnce) },
      { name: 'opossum fire', call: () => breaker.fire() },
    ],
    close: async () => {
      breaker.shutdown();
      await close();
    },
  };
}
