import type { BatchLimits, BatchTransport, ResultLine, Told } from './batch-transport.port.js';

type Ask = <T>(ask: (limits: BatchLimits) => Promise<Told<T>>, withinMs?: number) => Promise<Told<T>>;

/** Results of a stranger's may be many, in milliseconds. */
const READ_WITHIN_MS = 600_000;

/**
 * Whether a batch is the one with these items. `unknown` until it has ended, and while it cannot be asked; one that is gone
 * is not ours any more.
 */
export async function recogniseBatch(
  batchId: string,
  customIds: ReadonlySet<string>,
  transport: BatchTransport,
  ask: Ask,
): Promise<'ours' | 'not_ours' | 'unknown'> {
  const told = await ask((limits) => transport.look(batchId, limits));
  if (!told.ok) return told.facts.from === 'response' && told.facts.status === 404 ? 'not_ours' : 'unknown';
  if (told.value.status !== 'ended') return 'unknown';
  const read = await ask((limits) => lookFor(customIds, transport.results(batchId, limits)), READ_WITHIN_MS);
  return read.ok ? read.value : 'unknown';
}

/** One line that is ours settles it; that none is, only all of them. */
async function lookFor(
  customIds: ReadonlySet<string>,
  results: AsyncIterable<Told<ResultLine>>,
): Promise<Told<'ours' | 'not_ours' | 'unknown'>> {
  let value: 'not_ours' | 'unknown' = 'unknown';
  for await (const told of results) {
    if (!told.ok) return told;
    if (told.value.name !== 'item') continue;
    if (customIds.has(told.value.customId)) return { ok: true, value: 'ours' };
    value = 'not_ours';
  }
  return { ok: true, value };
}
