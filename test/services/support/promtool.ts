import { spawnSync } from 'node:child_process';
import { findProgram } from './server-process.js';

const PLACES = ['/usr/bin/promtool', '/usr/local/bin/promtool', '/opt/homebrew/bin/promtool'];

export interface ToolAnswer {
  readonly code: number | null;
  /** All that it said. */
  readonly said: string;
}

/** Runs promtool. @returns `undefined` when there is none on this machine */
export function findPromtool(): ((values: readonly string[], input?: string) => ToolAnswer) | undefined {
  const program = findProgram('promtool', PLACES);
  if (program === undefined) return undefined;
  return (values, input = '') => {
    const { status, stdout, stderr } = spawnSync(program, values, { input, encoding: 'utf8', timeout: 60_000 });
    return { code: status, said: `${stdout}${stderr}` };
  };
}
