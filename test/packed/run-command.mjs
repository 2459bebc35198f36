import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';

const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const SHOWN_CHARACTERS = 4_000;

/** Which API is called, and as whom, is up to the checks alone. */
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANTHROPIC_')));

/** This very Node first, so that npm, tsc and the bins of the tarballs run on it too. */
export const ENVIRONMENT = {
  ...inherited,
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  NO_COLOR: '1',
};

/** @returns what the command wrote to stdout  @throws with the end of its output, if it fails or takes too long */
export async function runCommand(command, args, folder) {
  try {
    const options = { cwd: folder, env: ENVIRONMENT, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES };
    const { stdout } = await promisify(execFile)(command, args, options);
    return stdout;
  } catch (error) {
    const end = error.killed ? `did not end within ${TIMEOUT_MS} ms` : `ended with ${error.code}`;
    const output = `${error.stdout ?? ''}${error.stderr ?? ''}`.slice(-SHOWN_CHARACTERS);
    throw new Error(`${command} ${args.join(' ')}: ${end}\n${output}`, { cause: error });
  }
}
