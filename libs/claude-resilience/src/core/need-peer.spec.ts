import { describe, expect, it } from '@jest/globals';
import { needPeer } from './need-peer.js';

describe('a package that only some applications have', () => {
  it('is given when it is there, and asked for by name when it is not', async () => {
    expect(await needPeer('queue', 'bullmq', Promise.resolve(1))).toBe(1);
    for (const code of ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']) {
      const missing = needPeer('queue', 'bullmq', Promise.reject(Object.assign(new Error('Cannot find'), { code })));
      await expect(missing).rejects.toMatchObject({
        code: 'CLAUDE_INVALID_OPTIONS',
        issues: [expect.stringContaining('npm install bullmq')],
      });
    }
  });

  it('keeps every other error as it is', async () => {
    const error = new SyntaxError('in it');
    await expect(needPeer('queue', 'bullmq', Promise.reject(error))).rejects.toBe(error);
  });
});
