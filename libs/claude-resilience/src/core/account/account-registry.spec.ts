import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../testing/index.js';
import { diagnoseFailure } from '../failure/diagnose-failure.js';
import type { AccountAdmitted } from './account-gate.js';
import type { AccountNotice } from './account-notice.js';
import { AccountRegistry } from './account-registry.js';
import { readAccountOptions } from './account.options.js';

function start() {
  const heard: AccountNotice[] = [];
  const options = readAccountOptions('', undefined, []);
  const accounts = new AccountRegistry(['anthropic', 'bedrock'], options, new ManualClock(), (n) => heard.push(n));
  return { accounts, heard };
}

describe('AccountRegistry', () => {
  it('has one gate per platform, for good, in the order of declaration', () => {
    const { accounts } = start();
    const bedrock = accounts.of('bedrock');
    expect(accounts.of('bedrock')).toBe(bedrock);
    expect(accounts.all().map(({ account }) => account)).toEqual(['anthropic', 'bedrock']);
    expect(accounts.all()).toContain(bedrock);
  });

  it('one stopped account is no other', () => {
    const { accounts, heard } = start();
    const gate = accounts.of('anthropic');
    gate.record((gate.admit() as AccountAdmitted).ticket, diagnoseFailure({ from: 'response', status: 401 }, 0));
    expect(gate.admit().admitted).toBe(false);
    expect(accounts.of('bedrock').admit().admitted).toBe(true);
    expect(heard).toMatchObject([{ type: 'account.stopped', account: 'anthropic' }]);
  });

  it('makes none for a platform that nobody declared', () => {
    const { accounts } = start();
    expect(() => accounts.of('vertex')).toThrow('"vertex"');
    expect(accounts.all()).toHaveLength(2);
  });
});
