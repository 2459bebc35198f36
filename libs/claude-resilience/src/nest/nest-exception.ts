/** Whether somebody threw this for Nest to answer with: an `HttpException`, or its twins of the other transports. */
export function isNestException(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { getStatus, getResponse, getError } = error as Record<string, unknown>;
  const isHttp = typeof getStatus === 'function' && typeof getResponse === 'function';
  return isHttp || typeof getError === 'function'; // RpcException, WsException: by shape, their packages are optional
}
