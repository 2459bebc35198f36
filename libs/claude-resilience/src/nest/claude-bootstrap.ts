import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ClaudeInvalidDecorationError, ClaudeInvalidOptionsError } from '../core/errors.js';
import { ClaudeRuntime } from '../runtime/claude-runtime.js';
import { DeclaredFeatures } from './declared-features.js';
import { DeferredHandlersExplorer } from './deferred-handlers.explorer.js';
import { FallbackProvidersExplorer } from './fallback-providers.explorer.js';
import { MarkedMethodsExplorer } from './marked-methods.explorer.js';
import { moduleConflicts, type ImportedModule } from './module-conflicts.js';

/** Where `@Controller` keeps its path. */
const PATH_METADATA = 'path';

/** Before the first request: finds what carries decorators of this module, and refuses to start with what cannot work. */
@Injectable()
export class ClaudeBootstrap implements OnModuleInit {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(ClaudeRuntime) private readonly runtime: ClaudeRuntime,
    @Inject(MarkedMethodsExplorer) private readonly methods: MarkedMethodsExplorer,
    @Inject(FallbackProvidersExplorer) private readonly fallbacks: FallbackProvidersExplorer,
    @Inject(DeferredHandlersExplorer) private readonly deferred: DeferredHandlersExplorer,
  ) {}

  /**
   * @throws {ClaudeInvalidOptionsError} for features that are declared wrongly, and imports that are in each other's way
   * @throws {ClaudeInvalidDecorationError} with one line for each problem
   */
  async onModuleInit(): Promise<void> {
    const conflicts = moduleConflicts(this.#imports());
    if (conflicts.length > 0) throw new ClaudeInvalidOptionsError(conflicts);
    for (const { instance } of this.discovery.getProviders()) {
      if (instance instanceof DeclaredFeatures) this.runtime.declare(instance.features);
    }
    // Made now, so that each can say since when it is what it is.
    this.runtime.circuits.all();
    const issues = [...this.methods.explore(), ...(await this.fallbacks.explore()), ...this.deferred.explore()];
    // A class listed in two modules has its problem once.
    if (issues.length > 0) throw new ClaudeInvalidDecorationError([...new Set(issues)]);
  }

  /** Every import of this module has a bootstrap of its own. */
  #imports(): readonly ImportedModule[] {
    const hosts = this.discovery.getProviders().flatMap(({ metatype, host }) => {
      return metatype === ClaudeBootstrap && host !== undefined ? [host] : [];
    });
    return hosts.map(({ isGlobal, controllers }) => {
      const classes = [...controllers.values()].flatMap(({ metatype }) => (metatype === null ? [] : [metatype]));
      return { isGlobal, paths: classes.map((owner) => String(Reflect.getMetadata(PATH_METADATA, owner))) };
    });
  }
}
