import type Anthropic from '@anthropic-ai/sdk';
import type { AdaptableParams } from './adaptable-params.js';
import type { ModelRules } from './model-rules.js';

type ForcedChoice = Anthropic.ToolChoiceAny | Anthropic.ToolChoiceTool;

/** The choice that leaves the model none; undefined where it may answer without a tool. */
export function forcedChoice({ tool_choice: choice }: AdaptableParams): ForcedChoice | undefined {
  return choice?.type === 'any' || choice?.type === 'tool' ? choice : undefined;
}

/**
 * A forced tool, asked for where it cannot be forced: it is the only one left, and the system prompt says to call it.
 * The model nearly always does; it is a request all the same, and an answer in text remains possible.
 */
export function adaptToolChoice(params: AdaptableParams, { takes }: ModelRules): AdaptableParams {
  const forced = forcedChoice(params);
  if (forced === undefined || takes.includes('forced_tool_choice')) return params;
  const { disable_parallel_tool_use: single } = forced;
  return {
    ...params,
    tool_choice: { type: 'auto', ...(single !== undefined && { disable_parallel_tool_use: single }) },
    ...(params.tools !== undefined && { tools: narrowed(params.tools, forced) }),
    system: extended(params.system, sentence(forced)),
  };
}

/** Narrowed only among tools of the caller's own: what a server tool or a tool search left in the turns may need the rest. */
function narrowed(tools: readonly Anthropic.ToolUnion[], forced: ForcedChoice): Anthropic.ToolUnion[] {
  const chosen = forced.type === 'tool' ? tools.filter((tool) => isOwn(tool) && tool.name === forced.name) : [];
  return chosen.length > 0 && tools.every(isOwn) ? chosen : [...tools];
}

function isOwn(tool: Anthropic.ToolUnion): tool is Anthropic.Tool {
  return 'input_schema' in tool && tool.defer_loading !== true;
}

function sentence(forced: ForcedChoice): string {
  const tool = forced.type === 'tool' ? `the tool "${forced.name}"` : 'one of the tools that you are given';
  return `You must call ${tool} in this answer. Do not answer in text alone.`;
}

/** After what is there, so that a cached beginning stays one. */
function extended(system: AdaptableParams['system'], text: string): NonNullable<AdaptableParams['system']> {
  if (Array.isArray(system)) return [...system, { type: 'text', text }];
  return system === undefined || system === '' ? text : `${system}\n\n${text}`;
}
