/** Turns of the event loop after which something has had every chance to happen, if nobody waits for a disk. */
const MOST_TURNS = 200_000;
/** A busy disk takes its time, whatever the turns; before a test's own limit, so that what was waited for is named. */
const LONGEST_MS = 30_000;

/** Waits for something that another part of the process brings about. @throws when it does not come about */
export async function until(isTrue: () => boolean): Promise<void> {
  const beganMs = performance.now();
  for (let turn = 0; !isTrue(); turn++) {
    const isInVain = turn >= MOST_TURNS && performance.now() - beganMs >= LONGEST_MS;
    if (isInVain) throw new Error(`Waited in vain for ${isTrue.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
