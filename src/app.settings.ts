import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import type { DestinationStream } from 'pino';
import type { LogLevel } from './app.config.js';

/** What the application is made from, once it is known where Claude is; also the token to inject it by. */
export abstract class AppSettings {
  abstract readonly apiKey: string;
  /** `undefined`: the API's own. */
  abstract readonly baseURL: string | undefined;
  abstract readonly model: string;
  /** Opens the operators' routes. */
  abstract readonly operatorToken: string;
  /** Where what outlives the process is kept. */
  abstract readonly dataDir: string;
  /** Where replicas meet; `undefined`: there is one. */
  abstract readonly redisUrl?: string | undefined;
  abstract readonly logLevel: LogLevel;
  /** Takes one JSON line at a time. */
  abstract readonly logTo: DestinationStream;
  /** Put over the application's own options for calls to Claude. */
  abstract readonly resilience?: ClaudeResilienceOptions;
}

/** Makes the settings injectable everywhere, other modules' factories included. */
@Global()
@Module({})
export class SettingsModule {
  static of(settings: AppSettings): DynamicModule {
    return {
      module: SettingsModule,
      providers: [{ provide: AppSettings, useValue: settings }],
      exports: [AppSettings],
    };
  }
}
