import type { AppConfig } from './app.config.js';

/** What to tell the user about an address that cannot be listened on; `undefined` for any other error. */
export function listenProblem(error: unknown, { port, host }: Pick<AppConfig, 'port' | 'host'>): string | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return undefined;
  if (code === 'EADDRINUSE') {
    return `port ${port} of ${host} is in use; set PORT to another one, or to 0 for any free one`;
  }
  return `cannot listen on port ${port} of ${host} (${code}); set PORT or HOST to others`;
}
