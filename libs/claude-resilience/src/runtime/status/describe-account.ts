import type { AccountSnapshot } from '../../core/account/account-gate.js';
import type { AccountStatus } from '../../core/status/account-status.js';

export function describeAccount(snapshot: AccountSnapshot): AccountStatus {
  const { account } = snapshot;
  if (snapshot.name === 'working') return { account };
  const { failure, sinceWallMs, nextProbeInMs, accessReturnsAtMs } = snapshot;
  return {
    account,
    stopped: {
      kind: failure.kind,
      rule: failure.rule,
      sinceMs: sinceWallMs,
      nextProbeInMs,
      ...(accessReturnsAtMs !== undefined && { accessReturnsAtMs }),
      ...(failure.action !== undefined && { action: failure.action }),
    },
  };
}
