/** Each item, and whether it is the last. Takes one item ahead. */
export function* markLast<Item>(items: Iterable<Item>): Generator<readonly [item: Item, isLast: boolean]> {
  let held: readonly [Item] | null = null;
  for (const item of items) {
    if (held !== null) yield [held[0], false];
    held = [item];
  }
  if (held !== null) yield [held[0], true];
}
