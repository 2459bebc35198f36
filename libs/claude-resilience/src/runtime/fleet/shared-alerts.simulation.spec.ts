import { describe, expect, it, jest } from '@jest/globals';
import { ClaudeAlertNotSentError } from '../../core/alerts/alert-errors.js';
import { AlertWorld, type AlertReplica } from '../../testing/alert-world.js';

// Virtual time takes real time to count through.
jest.setTimeout(60_000);

const TRIGGER = 'trigger orders:prod:error_rate:timeout';
const RESOLVE = 'resolve orders:prod:error_rate:timeout';

async function started(count: number): Promise<AlertWorld> {
  const world = new AlertWorld();
  await world.start(count);
  await world.pass(2, 30);
  return world;
}

const looker = (world: AlertWorld): AlertReplica => {
  const [one, ...more] = world.lookers;
  if (one === undefined || more.length > 0) throw new Error(`${world.lookers.length} replicas look`);
  return one;
};

/** An outage, until it has tried to tell of it. */
async function failUntilTried(world: AlertWorld, replica: AlertReplica): Promise<void> {
  for (let third = 0; third < 18 && replica.sink.tries === 0; third++) await world.pass(1 / 3, 30, 15);
  expect(replica.sink.tries).toBeGreaterThan(0);
}

describe('alerts of several replicas, in virtual time (R37; issue 9)', () => {
  it('thirty replicas, one outage, the one that looks killed in it: one alert, one resolve', async () => {
    const world = await started(30);
    const first = looker(world);
    await world.pass(2, 30, 15);
    expect(world.told).toEqual([TRIGGER]);
    first.kill();
    await world.pass(2, 30, 15);
    expect(looker(world)).not.toBe(first);
    await world.pass(16, 30);
    expect(world.told).toEqual([TRIGGER, RESOLVE]);
    const fired = world.replicas.flatMap(({ events }) => events).filter(({ type }) => type === 'alert.fired');
    expect(fired).toHaveLength(1);
  });

  it('is told of what no replica would see by itself', async () => {
    const world = await started(10);
    // Two requests a minute each: 20 in five minutes are enough of all, and not of one.
    await world.pass(6, 3, 1.5);
    expect(world.told).toEqual([TRIGGER]);
  });

  it('everybody shows what one looks after', async () => {
    const world = await started(5);
    await world.pass(3, 30, 15);
    for (const { desk } of world.replicas) {
      const firing = desk.view().alerts.filter(({ state }) => state === 'firing');
      expect(firing.map(({ key }) => key)).toEqual(['orders:prod:error_rate:timeout']);
    }
    const followers = world.replicas.filter((replica) => replica !== looker(world));
    expect(followers.map(({ followed }) => followed.map(({ type }) => type))).toEqual(
      followers.map(() => ['alert.fired']),
    );
  });

  it('one that ends in good order hands over at once', async () => {
    const world = await started(3);
    await world.pass(2, 30, 15);
    await looker(world).end();
    await world.clock.advance(1_500);
    expect(world.lookers).toHaveLength(1);
    await world.pass(16, 30);
    expect(world.told).toEqual([TRIGGER, RESOLVE]);
  });

  it('killed while its message was on its way: the next one tells it, under the same key', async () => {
    const world = await started(3);
    const first = looker(world);
    first.sink.trouble = 'hang';
    await failUntilTried(world, first);
    first.kill();
    await world.pass(2, 30, 15);
    const [message] = looker(world).sink.messages;
    expect(world.told).toEqual([TRIGGER]);
    const [tried] = first.sink.tried;
    expect(message?.alerts.map(({ key }) => key)).toEqual(tried?.alerts.map(({ key }) => key));
    expect(message).toMatchObject({ alerts: [{ groupKey: 'orders:prod:error_rate:timeout' }] });
  });

  it('killed after the message was taken, and before that was kept: told once more, under the same key', async () => {
    const world = await started(3);
    const first = looker(world);
    const send = first.sink.send.bind(first.sink);
    first.sink.send = async (message) => {
      await send(message);
      first.kill();
    };
    await world.pass(3, 30, 15);
    expect(world.told).toEqual([TRIGGER, TRIGGER]);
  });

  it.each([12, 30, 90, 600])('stopped for %i s: what it comes back with, it does not send', async (seconds) => {
    const world = await started(3);
    const first = looker(world);
    // Its receiver is down: it has something to send when it goes on.
    first.sink.trouble = new ClaudeAlertNotSentError('no');
    await failUntilTried(world, first);
    const tries = first.sink.tries;
    first.clock.stop();
    first.sink.trouble = undefined;
    await world.clock.advance(seconds * 1000);
    expect(world.told).toEqual([TRIGGER]);
    first.clock.goOn();
    await world.pass(2, 30, 15);
    expect(first.sink.tries).toBe(tries);
    expect(looker(world)).not.toBe(first);
    await world.pass(16, 30);
    expect(world.told).toEqual([TRIGGER, RESOLVE]);
  });

  it('stopped between two tries: it does not try again', async () => {
    const world = await started(3);
    const first = looker(world);
    first.sink.trouble = new ClaudeAlertNotSentError('no', { retryAfterMs: 6_000 });
    for (let second = 0; second < 240 && first.sink.tries === 0; second++) {
      for (const replica of world.replicas) replica.calls(1, 'timeout');
      await world.clock.advance(1_000);
    }
    expect(first.sink.tries).toBe(1);
    first.clock.stop();
    await world.clock.advance(10_000);
    // The answer to its beat takes longer than its next try.
    first.isCutOff = true;
    first.clock.goOn();
    await world.clock.advance(2_000);
    expect([first.sink.tries, world.told]).toEqual([1, [TRIGGER]]);
  });

  it('stopped, and back with a connection that has died: it tells nothing before it has heard who looks', async () => {
    const world = await started(3);
    const first = looker(world);
    first.clock.stop();
    await world.pass(1, 30, 15);
    first.isCutOff = true;
    first.clock.goOn();
    await world.clock.advance(5_000);
    expect(first.shared.isOurs()).toBe(false);
    first.isCutOff = false;
    await world.pass(2, 30, 15);
    expect([first.sink.tries, world.told]).toEqual([0, [TRIGGER]]);
  });

  it('a store that forgets everything: told nothing again', async () => {
    const world = await started(5);
    await world.pass(2, 30, 15);
    world.emptyStore();
    await world.pass(2, 30, 15);
    expect(world.lookers).toHaveLength(1);
    await world.pass(16, 30);
    expect(world.told).toEqual([TRIGGER, RESOLVE]);
  });

  it('without the store whoever looked goes on, says that it is alone, and goes on when it is back', async () => {
    const world = await started(3);
    const first = looker(world);
    world.isStoreDown = true;
    await world.pass(3, 30, 15);
    expect(looker(world)).toBe(first);
    expect(world.told).toEqual([TRIGGER]);
    expect(first.sink.messages[0]?.alerts[0]?.sentence).toContain('(one replica alone: it cannot hear the others)');
    // The others are heard first.
    first.isCutOff = true;
    world.isStoreDown = false;
    await world.clock.advance(1_500);
    first.isCutOff = false;
    await world.pass(2, 30, 15);
    expect(looker(world)).toBe(first);
    await world.pass(16, 30);
    expect(world.told).toEqual([TRIGGER, RESOLVE]);
    expect(first.sink.messages[1]?.alerts[0]?.sentence).not.toContain('alone');
  });

  it('one that is cut off looks for itself after ten minutes; what it told is told to be over by the others', async () => {
    const world = await started(3);
    const cut = world.replicas.find((replica) => replica !== looker(world));
    if (cut === undefined) throw new Error('nobody else');
    cut.isCutOff = true;
    for (let minute = 0; minute < 9; minute++) {
      cut.calls(20, 'timeout');
      await world.pass(1);
    }
    expect(world.told).toEqual([]);
    for (let minute = 0; minute < 4; minute++) {
      cut.calls(20, 'timeout');
      await world.pass(1);
    }
    expect(world.told).toEqual([TRIGGER]);
    expect(cut.sink.messages[0]?.alerts[0]?.summary).toContain('one replica alone');
    cut.isCutOff = false;
    await world.pass(20, 30);
    expect(world.told).toEqual([TRIGGER, RESOLVE]);
    expect(cut.sink.messages).toHaveLength(1);
  });

  it('a credential that stops at any replica is told at once', async () => {
    const world = await started(4);
    await world.clock.advance(15_000);
    const other = world.replicas.find((replica) => replica !== looker(world));
    if (other !== undefined) other.sight = { circuits: [], accounts: [{ account: 'main', stoppedBy: 'billing' }] };
    other?.shared.seen();
    await world.clock.advance(3_000);
    expect(world.told).toEqual(['trigger orders:prod:account_stopped:main:billing']);
  });

  it('an alert is ended by hand at any replica', async () => {
    const world = await started(4);
    await world.pass(2, 30, 15);
    const other = world.replicas.find((replica) => replica !== looker(world));
    expect(other?.shared.dismiss('none')).toBe(false);
    expect(other?.shared.dismiss('orders:prod:error_rate:timeout')).toBe(true);
    await world.clock.advance(2_000);
    expect(looker(world).events.map(({ type }) => type)).toEqual(['alert.fired', 'alert.resolved']);
  });
});
