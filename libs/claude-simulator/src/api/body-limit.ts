import { BATCHES_PATH } from './batches-path.js';

const MB = 1024 * 1024;

/** The longest body that an endpoint takes, in bytes: 256 MB for a batch, else the 32 MB of the Messages API. */
export function bodyLimit(path: string): number {
  return path === BATCHES_PATH ? 256 * MB : 32 * MB;
}
