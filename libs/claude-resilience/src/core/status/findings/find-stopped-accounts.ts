import type { FailureKind } from '../../failure/failure.js';
import type { StatusFacts } from '../claude-status.js';
import { listInWords, momentInWords, spanInWords } from '../status-words.js';
import type { StatusFinding } from '../status-verdict.js';
import { whatUsersSee } from '../users-see.js';
import { sentenceOf, waitingInWords } from '../waiting-in-words.js';
import { CLAUDE_IS } from '../failure-in-words.js';

/** A credential that is refused: every call with it fails alike until somebody acts. */
export function findStoppedAccounts(facts: StatusFacts): StatusFinding[] {
  const { accounts, features, atMs } = facts;
  const stopped = accounts.flatMap(({ account, stopped: why }) => (why === undefined ? [] : [{ account, ...why }]));
  const [first] = stopped.toSorted((one, other) => one.sinceMs - other.sinceMs);
  if (first === undefined) return [];
  const isAll = stopped.length === accounts.length;
  const others = accounts.filter(({ stopped: why }) => why === undefined).map(({ account }) => account);
  const where = isAll && accounts.length === 1 ? '' : ` (${listInWords(stopped.map(({ account }) => account))})`;
  const { accessReturnsAtMs } = first;
  const returns = accessReturnsAtMs === undefined ? '' : `; access returns ${momentInWords(accessReturnsAtMs, atMs)}`;
  return [
    {
      topic: 'account_stopped',
      severity: isAll ? 'down' : 'degraded',
      headline: `${whyStopped(first)}${where} since ${momentInWords(first.sinceMs, atMs)}${returns}`,
      usersSee: isAll
        ? whatUsersSee(features)
        : `Little, where features name a model of ${listInWords(others)}; the others get what their feature falls back to.`,
      moduleDoes: sentenceOf(
        'nothing is sent with this credential, so no call waits in vain',
        first.nextProbeInMs > 0
          ? `one request finds out in ${spanInWords(first.nextProbeInMs)} whether it works again`
          : 'the next request finds out whether it works again',
        waitingInWords(facts),
      ),
      toDo: first.action ?? 'Look at the account in the console of the provider: somebody has to mend it.',
    },
  ];
}

function whyStopped({ rule, kind }: { readonly rule: string; readonly kind: FailureKind }): string {
  if (rule.includes('spend_limit')) return 'Our spend limit with Claude is reached';
  if (rule === 'credit_balance') return 'Our credit with Claude is used up';
  return `Claude ${CLAUDE_IS[kind]}`;
}
