import 'reflect-metadata';
import { runProgram } from './program.js';

// Once: a second Ctrl+C ends the process the hard way.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

// Whoever read the output has gone (`| head`): nothing more to say, so nothing more to do.
process.stdout.on('error', () => stop.abort());

// The exit code is set, not forced: the process ends by itself when nothing is left to do or to write.
process.exitCode = await runProgram({
  args: process.argv.slice(2),
  env: process.env,
  out: process.stdout,
  err: process.stderr,
  isColoured: process.stdout.isTTY && process.stdout.hasColors(),
  stop: stop.signal,
});
