import type { AdminAct, AdminAction } from '../../core/admin/admin-act.js';
import type { AdminWishes } from '../../core/admin/admin-wish.js';

/** What came of an act. */
export type Done = Omit<AdminAct, 'action' | 'by' | 'reason' | 'atMs'>;

/** Does what is wished for. Each may throw, of this module's errors; nothing was done then. */
export type Hands<A extends AdminAction = AdminAction> = {
  readonly [Action in A]: (wish: AdminWishes[Action]) => Done | Promise<Done>;
};
