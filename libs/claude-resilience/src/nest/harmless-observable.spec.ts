import { describe, expect, it } from '@jest/globals';
import { EMPTY, filter, firstValueFrom, map, mergeMap, take, toArray, type Observable } from 'rxjs';
import { HarmlessObservable } from './harmless-observable.js';

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function numbers(thrown: unknown[] = []): HarmlessObservable<number> {
  return new HarmlessObservable<number>(
    (error) => thrown.push(error),
    (subscriber) => {
      for (const n of [1, 2, 3]) subscriber.next(n);
      subscriber.complete();
      return () => {};
    },
  );
}

const broken = () => {
  throw new Error('x');
};

describe('HarmlessObservable (R35)', () => {
  it.each<[what: string, subscribe: (all: Observable<number>) => unknown, times: number]>([
    ['a subscriber', (all) => all.subscribe(broken), 3],
    ['an async subscriber', (all) => all.subscribe(async () => broken()), 3],
    ['an observer', (all) => all.subscribe({ next: broken }), 3],
    ['an operator', (all) => all.pipe(map(broken)).subscribe(), 1],
    ['an operator in the middle', (all) => all.pipe(map(broken), filter(Boolean)).subscribe({ next: () => {} }), 1],
    ['what an operator makes of it', (all) => all.pipe(mergeMap(async () => broken())).subscribe(), 1],
    ['the end', (all) => all.subscribe({ complete: broken }), 1],
    ['what hears of errors', (all) => all.pipe(map(broken)).subscribe({ error: broken }), 1],
  ])('%s that throws does not end the process', async (_what, subscribe, times) => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', note).on('unhandledRejection', note);
    const thrown: unknown[] = [];
    subscribe(numbers(thrown));
    await settled();
    process.off('uncaughtException', note).off('unhandledRejection', note);
    expect(thrown).toHaveLength(times);
    expect(uncaught).toEqual([]);
  });

  it('is an observable like any other', async () => {
    const heard: unknown[] = [];
    numbers().subscribe({ next: (n) => heard.push(n), complete: () => heard.push('end') });
    numbers().subscribe(
      (n) => heard.push(n * 10),
      null,
      () => heard.push('end'),
    );
    expect(heard).toEqual([1, 2, 3, 'end', 10, 20, 30, 'end']);
    expect(await firstValueFrom(numbers())).toBe(1);
    expect(
      await firstValueFrom(
        numbers().pipe(
          map((n) => n * 2),
          take(2),
          toArray(),
        ),
      ),
    ).toEqual([2, 4]);
    await expect(firstValueFrom(numbers().pipe(map(broken)))).rejects.toThrow('x');
    expect(
      await firstValueFrom(
        numbers().pipe(
          mergeMap(() => EMPTY),
          toArray(),
        ),
      ),
    ).toEqual([]);
  });
});
