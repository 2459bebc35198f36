import { ClaudeInvalidOptionsError } from '../core/errors.js';

/**
 * Waits for a package that only some applications have.
 *
 * @throws {ClaudeInvalidOptionsError} when it is not installed
 */
export async function needPeer<T>(name: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new ClaudeInvalidOptionsError([`queue: the package ${name}, which is not installed: npm install ${name}`]);
  }
}
