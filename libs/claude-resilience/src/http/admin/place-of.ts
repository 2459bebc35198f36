import type { AdminAction } from '../../core/admin/admin-act.js';

/** `circuit.hold_open` is `circuit/hold-open`. */
export function placeOf(action: AdminAction): string {
  return action.replaceAll('_', '-').replace('.', '/');
}
