import type { DiagnosisRow, Theme } from './diagnosis-row.js';
import { ACCOUNT } from './rows/account.js';
import { CONTENT } from './rows/content.js';
import { LIMITS } from './rows/limits.js';
import { MID_STREAM } from './rows/mid-stream.js';
import { NETWORK } from './rows/network.js';
import { OURS } from './rows/ours.js';
import { REQUEST } from './rows/request.js';
import { SERVICE } from './rows/service.js';
import { SPENDING } from './rows/spending.js';

/** Special before general: spend limits are 429s too, and nearly everything can be a 400. */
export const DIAGNOSIS_THEMES: readonly Theme[] = [
  SPENDING,
  LIMITS,
  ACCOUNT,
  CONTENT,
  SERVICE,
  REQUEST,
  MID_STREAM,
  NETWORK,
  OURS,
];

/** First match wins. Source of the rows: the API's error reference and the SDK's list of codes, 2026-11. */
export const DIAGNOSIS_TABLE: readonly DiagnosisRow[] = DIAGNOSIS_THEMES.flatMap(({ rows }) => rows);
