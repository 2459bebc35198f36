import { join } from 'node:path';
import { Module, StandardSchemaValidationPipe, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { ClaudeResilienceModule, type ClaudeResilienceOptions } from 'nestjs-claude-resilience';
import { LoggerModule } from 'nestjs-pino';
import { demoAlerts } from './alerts/demo-alerts.js';
import { AppSettings, SettingsModule } from './app.settings.js';
import { ChatModule } from './chat/chat.module.js';
import { ClassificationsController } from './classifications/classifications.controller.js';
import { BreakNextStreamController } from './demo/break-next-stream.controller.js';
import { DraftsController } from './drafts/drafts.controller.js';
import { logOptions } from './logging/log-options.js';
import { PagesModule } from './pages/pages.module.js';
import { InvalidBodyException } from './problems/invalid-body.exception.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { SummariesController } from './summaries/summaries.controller.js';

/** Somebody waits for the answer at the other end of the request; after this they get the fallback. */
const DEADLINE_MS = 30_000;
/** For one answer as it is written, interruptions included; a wait that would outlast it is not begun. */
const CHAT_MS = 60_000;
/** US dollars; a warning in the log, a metric and an alert, and nothing is stopped. */
const BUDGETS = { overall: { perDayUsd: 5 }, workflows: { chat: { perHourUsd: 1 } } };

/** Requests that wait are in a file. */
function alone(dataDir: string): Pick<ClaudeResilienceOptions, 'queue'> {
  return { queue: { path: join(dataDir, 'claude.db') } };
}

/** They are in Redis, where every replica sees them; and the replicas meet there. */
function oneOfMany(url: string): Pick<ClaudeResilienceOptions, 'queue' | 'fleet'> {
  return { queue: { driver: 'bullmq', connection: { url } }, fleet: { connection: { url } } };
}

@Module({
  controllers: [BreakNextStreamController, ClassificationsController, DraftsController, SummariesController],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: APP_PIPE,
      useFactory: () =>
        new StandardSchemaValidationPipe({ exceptionFactory: (issues) => new InvalidBodyException(issues) }),
    },
  ],
})
export class AppModule {
  static with(settings: AppSettings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ChatModule,
        PagesModule,
        SettingsModule.of(settings),
        // With it, what the module does every minute is an interval with a name, which can be seen and stopped.
        ScheduleModule.forRoot(),
        LoggerModule.forRootAsync({ inject: [AppSettings], useFactory: logOptions }),
        ClaudeResilienceModule.forRootAsync({
          inject: [AppSettings],
          useFactory: ({ apiKey, baseURL, model, operatorToken, dataDir, redisUrl, resilience }: AppSettings) => ({
            apiKey,
            ...(baseURL !== undefined && { baseURL }),
            deadlineMs: DEADLINE_MS,
            operator: { token: operatorToken },
            ...(redisUrl === undefined ? alone(dataDir) : oneOfMany(redisUrl)),
            alerts: demoAlerts(),
            cost: { budgets: BUDGETS },
            features: {
              summarisation: { models: [model] },
              classification: { models: [model] },
              generation: { models: [model] },
              chat: { models: [model], stream: { totalMs: CHAT_MS } },
            },
            ...resilience,
          }),
        }),
      ],
    };
  }
}
