import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ClaudeScope } from './claude-scope.js';

const values = (correlationId: string) => ({ correlationId, request: {} });

describe('the scope of the code that asks', () => {
  const scope = new ClaudeScope();
  const id = () => scope.current()?.correlationId;

  it('is that of what runs inside, and of all that follows from it; outside there is none', async () => {
    const seen: unknown[] = [id()];
    const later = scope.run(values('one'), async () => {
      seen.push(id());
      await setImmediate();
      seen.push(id());
    });
    seen.push(id());
    await later;
    seen.push(id());
    expect(seen).toEqual([undefined, 'one', undefined, 'one', undefined]);
  });

  it('one inside another ends where it began', () => {
    const seen = scope.run(values('outer'), () => [id(), scope.run(values('inner'), id), id()]);
    expect(seen).toEqual(['outer', 'inner', 'outer']);
  });

  it('is left by a throw, too', () => {
    expect(() =>
      scope.run(values('one'), () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(id()).toBeUndefined();
  });

  it('hands on what it is given, and what comes of it', () => {
    expect(scope.run(values('one'), (n: number) => n + 1, 2)).toBe(3);
  });

  it('the application has its own stores inside as outside', async () => {
    const tenant = new AsyncLocalStorage<string>();
    await tenant.run('acme', async () => {
      await scope.run(values('one'), async () => {
        expect(tenant.getStore()).toBe('acme');
        await setImmediate();
        expect([tenant.getStore(), id()]).toEqual(['acme', 'one']);
      });
      expect([tenant.getStore(), id()]).toEqual(['acme', undefined]);
    });
    scope.run(values('one'), () =>
      tenant.run('other', () => expect([tenant.getStore(), id()]).toEqual(['other', 'one'])),
    );
  });

  it('two in one process share nothing, and work that outlives it is on its own', () => {
    const life = { isOver: false };
    const signal = new AbortController().signal;
    scope.run({ ...values('one'), feature: 'digest', signal, life }, () => {
      expect(new ClaudeScope().current()).toBeUndefined();
      expect(scope.current()?.signal).toBe(signal);
      life.isOver = true;
      expect(scope.current()).toEqual({ correlationId: 'one', feature: 'digest', locale: undefined, request: {} });
    });
  });
});
