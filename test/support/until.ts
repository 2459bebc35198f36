/** Turns of the event loop after which something has had every chance to happen. */
const MOST_TURNS = 200_000;

/** Waits for something that another part of the process brings about. @throws when it does not come about */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn++) {
    if (turn >= MOST_TURNS) throw new Error(`Waited in vain for ${isTrue.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
