/** Calls back every so often, until `clearInterval`; keeps no process alive. For registries that want Node's own timer. */
export function startInterval(everyMs: number, callback: () => void): NodeJS.Timeout {
  return setInterval(callback, everyMs).unref();
}
