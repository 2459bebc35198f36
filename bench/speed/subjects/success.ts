import pRetry from 'p-retry';
import { answerAtOnce, PARAMS } from './answer.js';
import { cockatielWrap } from './cockatiel-wrap.js';
import { opossumBreaker } from './opossum-breaker.js';
import { openOurApp } from './our-app.js';
import type { Subjects } from './subject.js';

/** A call that is answered at once. */
export async function openSuccess(): Promise<Subjects> {
  const { service, close } = await openOurApp();
  const policy = cockatielWrap();
  const breaker = opossumBreaker(answerAtOnce);
  return {
    subjects: [
      { name: 'bare await', call: answerAtOnce },
      { name: 'ours: messages.create', call: () => service.messages.create(PARAMS, { feature: 'plain' }) },
      { name: 'ours: run', call: () => service.run('plain', answerAtOnce) },
      { name: 'cockatiel wrap', call: () => policy.execute(answerAtOnce) },
      { name: 'opossum fire', call: () => breaker.fire() },
      { name: 'p-retry', call: () => pRetry(answerAtOnce) },
    ],
    close: async () => {
      breaker.shutdown();
      await close();
    },
  };
}
