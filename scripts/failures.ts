/** Writes docs/failures.md from the table of failures: `node scripts/failures.ts`. A test compares the two. */
import { writeFileSync } from 'node:fs';
import type { DiagnosisRow, StatusRange, Theme } from '../libs/claude-resilience/src/core/failure/diagnosis-row.js';
import type { codeOf as CodeOf } from '../libs/claude-resilience/src/core/failure/failure.js';
import type { ResolvedRetryOptions } from '../libs/claude-resilience/src/core/retry/retry.options.js';
import type { ClaudeCallError } from '../libs/claude-resilience/src/core/call-error.js';
import type { ProblemDetails } from '../libs/claude-resilience/src/http/problem-details.js';

/** What the document is made from. */
export interface FailuresSource {
  readonly themes: readonly Theme[];
  readonly retry: ResolvedRetryOptions;
  readonly codeOf: typeof CodeOf;
  /** In English. */
  readonly problemOf: (error: ClaudeCallError) => ProblemDetails;
}

const COLUMNS = [
  'what the API says',
  'kind, code, rule',
  'what the module does',
  'stops the account',
  'what users see',
  'what you should do',
] as const;

const INTRODUCTION = `# Failures of the Claude API, and what to do

Look for the \`rule\` of the log line, or from the top for what the API answered: the first row that fits is the one that
counts. Retries are those of the default options, each a little later by chance, none past the call's deadline and none
if the API says \`x-should-retry: false\`; what stops the account stops every call with that credential, until a probe
gets through or access returns; what users see is said only where no fallback answers. **critical** wants
somebody now, whatever the hour, **warning** somebody during the day, **info** somebody if it lasts or grows, **none**
nobody, and the word behind it is how far the trouble reaches.

This page is written by \`node scripts/failures.ts\` from \`libs/claude-resilience/src/core/failure/\`: change the row there.
`;

export function failuresDocument({ themes, ...source }: FailuresSource): string {
  const sections = themes.map(
    ({ title, rows }) => `\n## ${title}\n\n${table(rows.map((row) => cellsOf(row, source)))}`,
  );
  return [INTRODUCTION, ...sections].join('');
}

function cellsOf(row: DiagnosisRow, { retry, codeOf, problemOf }: Omit<FailuresSource, 'themes'>): readonly string[] {
  const { kind, rule, scope, severity, action = '', waitMs, mayFallBackToModel, mayQueue } = row;
  const error = { kind, code: codeOf(kind), retryable: row.retryable, retryAfterMs: waitMs, failure: {} };
  const problem = problemOf(error as ClaudeCallError);
  const help = {
    yes: 'Another model may help.',
    other_bucket: 'A model with limits of its own may help.',
    after_retries: 'Another model may help, after the retries.',
    opt_in: 'Another model may help, where the feature says so.',
    no: '',
  };
  return [
    said(row),
    `\`${kind}\`, \`${codeOf(kind)}\`, \`${rule}\``,
    [
      retries(row, retry),
      row.verdict === 'failure' ? 'counts against the circuit' : '',
      row.accessReturns === undefined ? '' : 'tells when access returns, if that is known',
    ]
      .filter(Boolean)
      .join('; '),
    row.stopsAccount ? 'yes' : '',
    `${problem.status}: ${problem.message}`,
    [
      `**${severity}**, ${scope.replace('_', ' ')}.`,
      action,
      help[mayFallBackToModel],
      mayQueue ? 'It may be answered later.' : '',
    ]
      .filter(Boolean)
      .join(' '),
  ];
}

function said({ when: { from = 'response', status, type, code }, words, isCatchAll }: DiagnosisRow): string {
  if (from !== 'response') return words ?? from;
  const all = [statusText(status, isCatchAll === true), named(type), named(code), quoted(words, isCatchAll)];
  return all.filter(Boolean).join(' ');
}

function named(names: string | readonly string[] = []): string {
  return [names]
    .flat()
    .map((name) => `\`${name}\``)
    .join(', ');
}

function quoted(words: string | undefined, isCatchAll = false): string {
  return words === undefined || isCatchAll ? (words ?? '') : `"${words}"`.replaceAll('<', '&lt;');
}

function statusText(status: DiagnosisRow['when']['status'], isCatchAll: boolean): string {
  if (status === undefined) return '';
  if (typeof status === 'number') return `${status}`;
  if ('from' in status) return `${isCatchAll ? 'any other of ' : ''}${rangeText(status)}`;
  return status.join(', ');
}

function rangeText({ from, to }: StatusRange): string {
  return `${from} to ${to}`;
}

function retries({ retry, waitMs = 0 }: DiagnosisRow, options: ResolvedRetryOptions): string {
  if (retry === 'none') return 'no retry';
  const { maxRetries, baseDelayMs, maxDelayMs } = options[retry];
  const waits = Array.from({ length: maxRetries }, (_, n) =>
    Math.max(waitMs, Math.min(maxDelayMs, baseDelayMs * 2 ** n)),
  );
  const times = `${maxRetries} ${maxRetries === 1 ? 'retry' : 'retries'}`;
  if (waits.every((wait) => wait === 0)) return `${times}, at once`;
  const asked = retry === 'rateLimited' ? 'as `Retry-After` says, else after' : 'after';
  return `${times}, ${asked} ${waits.map((wait) => wait / 1000).join(', ')} s`;
}

/** Columns as wide as their widest cell, as the formatter has it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((title, i) => Math.max(title.length, ...rows.map((cells) => (cells[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |\n`;
  return [COLUMNS, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}

if (import.meta.main) {
  const readSources = './read-sources.mjs';
  await import(readSources);
  const library = '../libs/claude-resilience/src';
  const { DIAGNOSIS_THEMES: themes } = await import(`${library}/core/failure/diagnosis-table.ts`);
  const { codeOf } = await import(`${library}/core/failure/failure.ts`);
  const { RETRY_DEFAULTS: retry } = await import(`${library}/core/retry/retry.options.ts`);
  const { problemOf: sayProblem } = await import(`${library}/http/problem-details.ts`);
  const { ClaudeCatalogueWording } = await import(`${library}/core/wording/claude-catalogue-wording.ts`);
  const wording = new ClaudeCatalogueWording();
  const problemOf: FailuresSource['problemOf'] = (error) => sayProblem(error, wording, 'en');
  writeFileSync(
    new URL('../docs/failures.md', import.meta.url),
    failuresDocument({ themes, retry, codeOf, problemOf }),
  );
}
