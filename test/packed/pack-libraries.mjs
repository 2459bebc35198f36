import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/** Both libraries: folder in the workspace by package name. */
export const LIBRARIES = {
  'nestjs-claude-resilience': 'libs/claude-resilience',
  'claude-api-simulator': 'libs/claude-simulator',
};

/** Packs what is built. @returns the path of each tarball by package name */
export async function packLibraries(workspace, destination) {
  const tarballs = {};
  for (const [name, folder] of Object.entries(LIBRARIES)) {
    const report = await runCommand(
      'npm',
      ['pack', '--json', '--pack-destination', destination],
      join(workspace, folder),
    );
    tarballs[name] = join(destination, JSON.parse(report)[0].filename);
  }
  return tarballs;
}
