import { ClaudeInvalidOptionsError } from './errors.js';

/**
 * Waits for a package that only some applications have.
 *
 * @param option what needs it
 * @throws {ClaudeInvalidOptionsError} when it is not installed
 */
export async function needPeer<T>(option: string, name: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new ClaudeInvalidOptionsError([
      `${option}: the package ${name}, which is not installed: npm install ${name}`,
    ]);
  }
}
