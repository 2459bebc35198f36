import { ConfigurableModuleBuilder } from '@nestjs/common';
import { CALLS_PATH, callsControllers } from '../http/calls/calls.controller.js';
import { ADMIN_PATH, adminControllers } from '../http/admin/admin.controller.js';
import { dashboardControllers } from '../http/dashboard/dashboard.controller.js';
import { metricsControllers } from '../http/claude-metrics.controller.js';
import { notificationsControllers } from '../http/claude-notifications.controller.js';
import { requestsControllers, REQUESTS_PATH } from '../http/claude-requests.controller.js';
import { readRoute, type ClaudeRoute } from '../http/claude-route.js';
import { REQUESTS_ROUTE } from '../http/claude-request-urls.js';
import { healthControllers, type ClaudeHealthRoute } from '../http/claude-health.controller.js';
import {
  readOperatorAccess,
  OPERATOR_ACCESS,
  type ClaudeOperatorAccess,
  type OperatorAccess,
} from '../http/operator-access.js';
import { OPERATOR_PATHS, type OperatorPaths } from '../http/relative-url.js';
import { ClaudeInvalidOptionsError } from '../core/errors.js';
import { reviewControllers } from '../http/claude-reviews.controller.js';
import type { ClaudeResilienceOptions } from './claude-resilience.options.js';

/** Where the dashboard is before an application moves it. */
const DASHBOARD_PATH = 'claude/dashboard';

/** What decides the shape of the module, so it cannot come from an async factory. */
export interface ClaudeResilienceExtras {
  /** Whether other modules can inject without importing it. @default true */
  readonly isGlobal?: boolean;
  /** The health route. @default true: `GET /health/claude` */
  readonly health?: ClaudeHealthRoute;
  /** The routes of deferred requests. @default true: under `/claude/requests` */
  readonly requests?: ClaudeRoute;
  /** What ended, for whoever it belongs to. @default true: `GET /claude/notifications` */
  readonly notifications?: ClaudeRoute;
  /** Who may use the routes for operators. With `forRootAsync` the token may come from the factory. @default nobody */
  readonly operator?: ClaudeOperatorAccess;
  /** Human review, an operator route (R24). @default true: `GET /claude/reviews`, `POST /claude/reviews/:id` */
  readonly reviews?: ClaudeRoute;
  /** What Prometheus scrapes, an operator route (R35); needs `prom-client`. @default true: `GET /metrics` */
  readonly metrics?: ClaudeRoute;
  /** How Claude is, on a page, an operator route (R36). @default true: `GET /claude/dashboard`, and the same with `.json` */
  readonly dashboard?: ClaudeRoute;
  /** What operators can do, an operator route (R36). @default true: `GET /claude/admin`, `POST /claude/admin/...` */
  readonly admin?: ClaudeRoute;
  /** What happened to one call, an operator route (R36). @default true: `GET /claude/calls/:correlationId` */
  readonly calls?: ClaudeRoute;
}

/** `RAW_OPTIONS` is what the user wrote, unchecked: everybody but the resolver injects `CLAUDE_OPTIONS`. */
export const {
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN: RAW_OPTIONS,
  OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<ClaudeResilienceOptions>({ moduleName: 'ClaudeResilience' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createClaudeResilienceOptions')
  .setExtras<ClaudeResilienceExtras>(
    // Every name is here: what is not would stay in the options.
    {
      isGlobal: true,
      health: true,
      operator: {},
      reviews: true,
      metrics: true,
      dashboard: true,
      admin: true,
      calls: true,
      requests: true,
      notifications: true,
    },
    (
      definition,
      { isGlobal, health, operator, reviews, metrics, dashboard, admin, calls, requests, notifications },
    ) => {
      const access = accessOf(operator);
      return {
        ...definition,
        global: isGlobal ?? true,
        controllers: [
          ...healthControllers(health),
          ...reviewControllers(reviews, access),
          ...metricsControllers(metrics, access),
          ...dashboardControllers(dashboard, access),
          ...adminControllers(admin, access),
          ...callsControllers(calls, access),
          ...requestsControllers(requests),
          ...notificationsControllers(notifications),
        ],
        providers: [
          ...(definition.providers ?? []),
          { provide: OPERATOR_ACCESS, useValue: access },
          {
            provide: OPERATOR_PATHS,
            useValue: {
              dashboard: readRoute('dashboard', dashboard, DASHBOARD_PATH)?.path,
              admin: readRoute('admin', admin, ADMIN_PATH)?.path,
              calls: readRoute('calls', calls, CALLS_PATH)?.path,
            } satisfies OperatorPaths,
          },
          { provide: REQUESTS_ROUTE, useValue: readRoute('requests', requests, REQUESTS_PATH)?.path },
        ],
      };
    },
  )
  .build();

/** @throws {ClaudeInvalidOptionsError} */
function accessOf(operator: ClaudeOperatorAccess | undefined): OperatorAccess {
  const issues: string[] = [];
  const access = readOperatorAccess(operator, issues);
  if (issues.length > 0) throw new ClaudeInvalidOptionsError(issues);
  return access;
}
