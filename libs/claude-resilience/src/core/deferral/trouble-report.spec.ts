import { describe, expect, it } from '@jest/globals';
import { TroubleReport } from './trouble-report.js';

describe('trouble of the store', () => {
  it('is told once, and is over when nobody meets it any more', () => {
    const told: unknown[] = [];
    const report = new TroubleReport((error) => told.push(error));
    const [one, other, trouble] = [{}, {}, new Error('full')];
    report.well(one);
    report.bad(one, trouble);
    report.bad(one, trouble);
    report.bad(other, new Error('again'));
    report.well(one);
    report.well(one);
    expect(told).toStrictEqual([trouble]);
    report.well(other);
    expect(told).toStrictEqual([trouble, undefined]);
    report.bad(other, trouble);
    expect(told).toHaveLength(3);
  });

  it.each([[undefined], [null]])('is trouble when %s is thrown, too: no error is the word for its end', (thrown) => {
    const told: unknown[] = [];
    new TroubleReport((error) => told.push(error)).bad({}, thrown);
    expect(told).toStrictEqual([expect.any(Error)]);
  });
});
