import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ClaudeInvalidDecorationError } from '../core/errors.js';
import { FallbackProvidersExplorer } from './fallback-providers.explorer.js';
import { MarkedMethodsExplorer } from './marked-methods.explorer.js';

/** Before the first request: finds what carries decorators of this module, and refuses to start with what cannot work. */
@Injectable()
export class ClaudeBootstrap implements OnModuleInit {
  constructor(
    @Inject(MarkedMethodsExplorer) private readonly methods: MarkedMethodsExplorer,
    @Inject(FallbackProvidersExplorer) private readonly fallbacks: FallbackProvidersExplorer,
  ) {}

  /** @throws {ClaudeInvalidDecorationError} with one line for each problem */
  async onModuleInit(): Promise<void> {
    const issues = [...this.methods.explore(), ...(await this.fallbacks.explore())];
    // A class listed in two modules has its problem once.
    if (issues.length > 0) throw new ClaudeInvalidDecorationError([...new Set(issues)]);
  }
}
