import { stageOf } from './lifecycle-stage.js';
import type { Model, ThinkingType } from './model.js';

const supported = (value: boolean): { readonly supported: boolean } => ({ supported: value });
const YES = supported(true);

/** A model as `GET /v1/models` shows it. */
export function modelInfo(model: Model, nowMs: number) {
  const { lifecycle } = model;
  const thinks = (type: ThinkingType) => supported(model.thinking.includes(type));
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    line: model.line,
    created_at: model.createdAt,
    lifecycle: stageOf(model, nowMs),
    deprecated_at: lifecycle.stage === 'deprecated' ? lifecycle.deprecatedAt : null,
    retires_at: lifecycle.stage === 'deprecated' ? lifecycle.retiresAt : null,
    max_input_tokens: model.contextTokens,
    max_tokens: model.maxOutputTokens,
    capabilities: {
      batch: YES,
      citations: YES,
      code_execution: YES,
      context_management: {
        supported: true,
        clear_thinking_20251015: YES,
        clear_tool_uses_20250919: YES,
        compact_20260112: YES,
      },
      effort: { supported: true, low: YES, medium: YES, high: YES, xhigh: YES, max: YES },
      image_input: YES,
      pdf_input: YES,
      server_tools: { supported: true, code_execution: YES, web_search: YES },
      structured_outputs: YES,
      thinking: {
        supported: true,
        types: {
          adaptive: thinks('adaptive'),
          between_tools: thinks('between_tools'),
          disabled: thinks('disabled'),
          enabled: thinks('enabled'),
        },
      },
    },
  } as const;
}
