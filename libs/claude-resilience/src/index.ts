export { AlertmanagerSink } from './alertmanager/alertmanager-sink.js';
export { type AnthropicClient, type AnthropicOptions } from './anthropic/anthropic.options.js';
export { type ClaudeStreamEvent } from './anthropic/message-stream-transport.js';
export { type CallPriority, type ClaudeCall, type Origin, type Target } from './core/call.js';
export { ClaudeCallError } from './core/call-error.js';
export {
  ClaudeAuthenticationError,
  ClaudeBillingError,
  ClaudeCancelledError,
  ClaudeCircuitOpenError,
  ClaudeConnectionError,
  ClaudeContentPolicyError,
  ClaudeInternalError,
  ClaudeInvalidRequestError,
  ClaudeNotFoundError,
  ClaudeOverloadedError,
  ClaudePermissionError,
  ClaudeRateLimitedError,
  ClaudeServerError,
  ClaudeTimeoutError,
  ClaudeTooLargeError,
} from './core/call-errors.js';
export { ClaudeUpstreamError } from './core/upstream-error.js';
export { type CallTimeline, type TimelineState, type TimelineTotals } from './core/timeline/call-timeline.js';
export { type TimelineOptions } from './core/timeline/timeline.options.js';
export { type StepDecider, type StepWhat, type TimelineStep } from './core/timeline/timeline-step.js';
export { type AdminAct, type AdminActedEvent, type AdminAction } from './core/admin/admin-act.js';
export { ClaudeAdminRefusedError } from './core/admin/admin-errors.js';
export {
  type AdminAuthor,
  type AdminWishes,
  type AlertSilenceWish,
  type BaselineResetWish,
  type CircuitHoldWish,
  type CircuitReleaseWish,
  type DeadLettersWish,
  type DismissAlertWish,
  type EndSilenceWish,
  type RedriveLettersWish,
  type SinkTestWish,
} from './core/admin/admin-wish.js';
export { type AccountSnapshot } from './core/account/account-gate.js';
export { type Advice, type AdviceEvidence, type AdviceTopic, type HeldAdvice } from './core/advice/advice.js';
export { type AdaptTimeoutOptions } from './core/advice/adapt-timeout.options.js';
export { type AccountOptions, type AccountSetting } from './core/account/account.options.js';
export { type DocumentPart } from './core/parts/run-parts.js';
export { type ClaudeSummary, type ClaudeSummaryOptions } from './nest/claude-summaries.js';
export { type CircuitOptions, type CircuitSetting } from './core/circuit/circuit.options.js';
export { type CircuitExplanation, type CircuitReasons } from './core/circuit/circuit-explanation.js';
export { type CircuitState, type CircuitStateName, type Holder } from './core/circuit/circuit-state.js';
export { ContentScreener, type ScreenedInput, type ScreenVerdict } from './core/content/content-screener.port.js';
export { type ContentPolicyOptions } from './core/content/content-policy.options.js';
export { redactText } from './core/content/redact-text.js';
export { type ContentReviewEntry } from './core/content/review-entry.js';
export { type AlertDeskView } from './core/alerts/alert-desk-view.js';
export {
  ClaudeAlertNotSentError,
  ClaudeAlertRefusedError,
  ClaudeUnknownAlertSinkError,
} from './core/alerts/alert-errors.js';
export { AlertSink } from './core/alerts/alert-sink.port.js';
export { type Alert, type AlertMessage } from './core/alerts/alert.js';
export { type AlertsOptions } from './core/alerts/alerts.options.js';
export { type BusinessHoursOptions } from './core/alerts/business-hours.options.js';
export { type AlertSinkTest } from './core/alerts/test-alert.js';
export { LogAlertSink, type WriteAlertLine } from './core/alerts/log-alert-sink.js';
export { BullmqRequestStore } from './bullmq/bullmq-request-store.js';
export { type BullmqRequestStoreOptions, type ServerWarning } from './bullmq/bullmq-request-store.options.js';
export { type CloudWatchOptions } from './cloudwatch/cloud-watch.options.js';
export { type BatchOptions, type BatchWish } from './core/deferral/batch/batch.options.js';
export { ClaudeDeferredError } from './core/deferral/deferred-error.js';
export { type NotifyWish, type RequestFailure, type RequestStateName } from './core/deferral/deferred-request.js';
export { type QueueRules } from './core/deferral/queue.options.js';
export { type RequestPhase } from './core/deferral/request-phase.js';
export {
  ClaudeCorruptRequestError,
  ClaudeRequestClosedError,
  ClaudeRequestNotDeadError,
  ClaudeRequestNotFoundError,
  ClaudeRequestQueueFullError,
  ClaudeRequestStoreError,
  ClaudeRequestTooLargeError,
  ClaudeStaleLeaseError,
  type StoreTrouble,
} from './core/deferral/request-store-errors.js';
export { RequestStore } from './core/deferral/request-store.port.js';
export { Clock, type CancelTimer } from './core/clock.port.js';
export { type BudgetEvent, type BudgetSpentEvent, type BudgetWarnedEvent } from './core/cost/budget-event.js';
export { type BudgetStatus } from './core/cost/budget.js';
export { type BudgetOptions, type BudgetsOptions } from './core/cost/budget.options.js';
export { knownUsdOf, type CostSum } from './core/cost/cost-sum.js';
export { type CostOptions } from './core/cost/cost.options.js';
export { type Money } from './core/cost/money.js';
export { type PricesOptions } from './core/cost/price.options.js';
export {
  ClaudeInvalidDecorationError,
  ClaudeInvalidOptionsError,
  ClaudeResilienceError,
  ClaudeUnknownFeatureError,
} from './core/errors.js';
export { type ClaudeEvent, type ClaudeEventListener, type ClaudeEventOf, type ClaudeEventType } from './core/events.js';
export {
  FAILURE_KINDS,
  type Failure,
  type FailureCode,
  type FailureKind,
  type FailureScope,
  type FailureSeverity,
} from './core/failure/failure.js';
export { ClaudeFallbackHandler, type FallbackContext } from './core/fallback/fallback.port.js';
export { ClaudeFleetError } from './core/fleet/fleet-error.js';
export { type FleetEvent } from './core/fleet/fleet-loop.js';
export {
  Fleet,
  type FleetBeat,
  type FleetKeeping,
  type FleetKept,
  type FleetNote,
  type FleetView,
} from './core/fleet/fleet.port.js';
export { ClaudeReviewInputError, ClaudeReviewListFullError } from './core/fallback/review-list-errors.js';
export {
  ReviewList,
  type NewReviewItem,
  type ReviewCount,
  type ReviewItem,
  type ReviewKind,
  type ReviewPage,
  type ReviewPageWish,
  type ReviewResolution,
} from './core/fallback/review-list.port.js';
export { type Baseline } from './core/metrics/baseline.js';
export { type Distribution, type MetricFigures } from './core/metrics/metric-figures.js';
export { type Resolution, type RollupSlot } from './core/metrics/rollup-slot.js';
export { RollupStore, type BaselineReset, type SlotWish } from './core/metrics/rollup-store.port.js';
export { ClaudeNoticeNotSentError, ClaudeNoticeRefusedError } from './core/notices/notice-errors.js';
export { type NoticeRules } from './core/notices/notice.options.js';
export { NoticeSender } from './core/notices/notice-sender.port.js';
export { type Notice, type NoticeChannel } from './core/notices/notice.js';
export { type FallbackClass, type FeatureOptions, type ResolvedFeature, type ResolvedOptions } from './core/options.js';
export { type PacingOptions } from './core/pacing/pacing.options.js';
export { Random } from './core/random.port.js';
export { type ModelChoice } from './core/route/model-choice.js';
export { type RetryBudgetOptions } from './core/retry/retry-budget.options.js';
export { type RetryOptions, type RetryStrategyOptions } from './core/retry/retry.options.js';
export {
  type AccountHealth,
  type ActiveAlertHealth,
  type AdviceHealth,
  type ClaudeHealthDetails,
  type FeatureHealth,
  type QueueHealth,
  type RateLimitHealth,
  type TrafficHealth,
  type WorkflowHealth,
} from './core/status/health-details.js';
export { type StreamNotice } from './core/stream/stream-event.js';
export { type StreamBreakPolicy, type StreamOptions } from './core/stream/stream.options.js';
export { type Catalogue } from './core/wording/catalogue/catalogue.js';
export { CLAUDE_CATALOGUES } from './core/wording/catalogue/catalogues.js';
export { ClaudeCatalogueWording, type CatalogueWordingOptions } from './core/wording/claude-catalogue-wording.js';
export { ClaudeWording, type FailureTimes, type Progress } from './core/wording/claude-wording.port.js';
export { type UserAction, type UserMessage } from './core/wording/user-messages.js';
export { type ClaudeHealthRoute } from './http/claude-health.controller.js';
export { ClaudeHealthIndicator, type ClaudeHealthCheckOptions } from './http/claude-health.indicator.js';
export { type LoggingOptions } from './core/logging/logging.options.js';
export { type DescribedError } from './core/logging/described-error.js';
export {
  CLAUDE_REDACTED_PATHS,
  claudePinoOptions,
  type ClaudePinoOptions,
  type ClaudePinoWish,
} from './http/claude-pino-options.js';
export { ClaudeRequestUrls, type RequestUrls } from './http/claude-request-urls.js';
export { type ClaudeRoute } from './http/claude-route.js';
export { type ClaudeReviewsAnswer } from './http/claude-reviews.controller.js';
export { type ClaudeOperatorAccess, type ClaudeOperatorToken } from './http/operator-access.js';
export { problemOf, type ProblemDetails } from './http/problem-details.js';
export { type MailNoticeSenderOptions } from './mail/mail-notice-sender.js';
export { type MailTransport } from './mail/mail-transport.js';
export { ClaudeAlerts } from './nest/claude-alerts.js';
export { ClaudeAdvisor } from './nest/claude-advisor.js';
export { type ClaudeCallOptions, type ClaudeDeferOptions } from './nest/claude-call.options.js';
export { ClaudeCircuitBreakerGuard } from './nest/claude-circuit-breaker.guard.js';
export { ClaudeCircuits, type CircuitHold } from './nest/claude-circuits.js';
export { ClaudeDeferredHandler } from './nest/claude-deferred-handler.decorator.js';
export { ClaudeErrorClassificationInterceptor } from './nest/claude-error-classification.interceptor.js';
export { ClaudeEvents, type ClaudeEventsWish } from './nest/claude-events.js';
export { ClaudeExceptionFilter } from './nest/claude-exception.filter.js';
export { ClaudeFallback, type ClaudeFallbackOptions } from './nest/claude-fallback.decorator.js';
export { ClaudeFallbackProvider } from './nest/claude-fallback-provider.decorator.js';
export { ClaudeFleet } from './nest/claude-fleet.js';
export { ClaudeMessageStream } from './nest/claude-message-stream.js';
export {
  ClaudeMessages,
  type ClaudeStreamCallOptions,
  type ClaudeCountTokensParams,
  type ClaudeMessageParams,
} from './nest/claude-messages.js';
export { ClaudeMetrics, type MetricHistoryWish, type MetricSelection, type MetricSlot } from './nest/claude-metrics.js';
export { ClaudeQueue, type ClaudeQueueReport } from './nest/claude-queue.js';
export { type FleetOptions } from './nest/fleet.options.js';
export { ClaudeResilienceModule } from './nest/claude-resilience.module.js';
export { type ClaudeResilienceExtras } from './nest/claude-resilience.module-definition.js';
export { type ClaudeResilienceOptions } from './nest/claude-resilience.options.js';
export { ClaudeResilienceService, type ClaudeDeferredCallOptions } from './nest/claude-resilience.service.js';
export { CLAUDE_OPTIONS } from './nest/claude-resilience.tokens.js';
export { ClaudeRetryInterceptor } from './nest/claude-retry.interceptor.js';
export { type ClaudeOutcome, type ClaudeRunContext, type ClaudeRunOptions } from './nest/claude-run.js';
export { type ClaudeDeferredContext } from './nest/deferred-handlers.js';
export { ClassificationFallback, type ClassificationFallbackOutput } from './nest/fallbacks/classification.fallback.js';
export { GenerationFallback, type GenerationFallbackOutput } from './nest/fallbacks/generation.fallback.js';
export { SummarisationFallback, type SummarisationFallbackOutput } from './nest/fallbacks/summarisation.fallback.js';
export { type NoticesOptions } from './nest/notices.options.js';
export { type QueueOptions } from './nest/queue.options.js';
export { type RollupsOptions } from './nest/rollups.options.js';
export {
  type OpenTelemetryMeterProvider,
  type OpenTelemetryOptions,
  type OpenTelemetryTracerProvider,
} from './opentelemetry/open-telemetry.options.js';
export { type PrometheusRegistry } from './prometheus/registry.js';
export { ClaudeAdmin } from './runtime/admin/claude-admin.js';
export { ClaudeTimelines } from './runtime/claude-timelines.js';
export { ClaudeRequests, type ClaudeDeferredRequest, type ClaudeRequestEvent } from './runtime/claude-requests.js';
export { type ClaudeWebhookBody, type WebhookNoticeSenderOptions } from './webhook/webhook-notice-sender.js';
export { MailAlertSink } from './mail/mail-alert-sink.js';
export { PagerDutySink } from './pagerduty/pager-duty-sink.js';
export { SlackSink } from './slack/slack-sink.js';
export { WebhookAlertSink } from './webhook/webhook-alert-sink.js';
