/** The settings in force, frozen; see `ResolvedOptions`. */
export const CLAUDE_OPTIONS = Symbol.for('claude-resilience:options');

/** What `@ClaudeFallback` asks every instance it stands on to be given. Shared by copies of this package. */
export const CLAUDE_METHOD_RUNNER = Symbol.for('claude-resilience:method-runner');

/** How events are written to the application's logger, if they are. */
export const CLAUDE_LOGGING = Symbol.for('claude-resilience:logging');
