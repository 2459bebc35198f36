import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NewestQueue } from './newest-queue.js';

describe('NewestQueue', () => {
  it('is a list that loses its first where it has too many, whatever is put and taken (R35)', () => {
    const steps = fc.array(fc.constantFrom('put', 'put', 'take', 'clear'), { maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (capacity, all) => {
        const queue = new NewestQueue<number>(capacity);
        let model: number[] = [];
        for (const [n, step] of all.entries()) {
          if (step === 'put') {
            const lost = model.length === capacity ? 1 : 0;
            model = [...model, n].slice(-capacity);
            expect(queue.push(n)).toBe(lost);
          } else if (step === 'take') {
            expect(queue.take()).toBe(model[0]);
            model = model.slice(1);
          } else {
            queue.clear();
            model = [];
          }
          expect(queue.size).toBe(model.length);
          expect(queue.newest()).toEqual(model.toReversed());
        }
      }),
    );
  });
});
