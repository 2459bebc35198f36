/** One import of the module in an application. */
export interface ImportedModule {
  readonly isGlobal: boolean;
  /** Of its controllers. */
  readonly paths: readonly string[];
}

/**
 * What several imports of the module in one application cannot share: of two routes of one path the second is never reached, and
 * of two global modules nobody knows which one is injected.
 *
 * @returns one line for each
 */
export function moduleConflicts(modules: readonly ImportedModule[]): readonly string[] {
  const paths = modules.flatMap((module) => [...new Set(module.paths)]);
  const twice = new Set(paths.filter((path, at) => paths.indexOf(path) !== at));
  const globals = modules.filter(({ isGlobal }) => isGlobal);
  return [
    ...(globals.length > 1
      ? [`isGlobal: true for one, ${globals.length} imports of ClaudeResilienceModule have it`]
      : []),
    ...[...twice].map(
      (path) => `${path}: a route of one ClaudeResilienceModule; give that of the other a path, or false`,
    ),
  ];
}
