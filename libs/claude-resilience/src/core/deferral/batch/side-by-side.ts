/** Does a piece of work for each, so many at a time. After an error nothing more is begun. @throws the first error */
export async function sideBySide<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = [];
  const rest = items.entries();
  const lane = async () => {
    for (const [place, item] of rest) done[place] = await work(item);
  };
  const stopped = async () => {
    try {
      await lane();
    } catch (error) {
      for (const _ of rest) continue;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, stopped));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return done;
}
