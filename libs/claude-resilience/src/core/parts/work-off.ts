/**
 * Works off a list, at most `parallel` items at a time, the first ones first. What `work` gives back is worked off next.
 * After the first failure nothing is started any more.
 *
 * @throws the first failure, once everything that was running has ended
 */
export async function workOff<Item>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<readonly Item[]>,
): Promise<void> {
  const waiting = [...items];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = (item: Item) => {
    const task = work(item)
      .then(
        (more) => void waiting.unshift(...more),
        (error: unknown) => void failures.push(error),
      )
      .finally(() => running.delete(task));
    running.add(task);
  };
  for (;;) {
    while (failures.length === 0 && running.size < parallel && waiting.length > 0) start(waiting.shift() as Item);
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
}
