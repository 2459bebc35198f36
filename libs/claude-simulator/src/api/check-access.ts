import type { IncomingHttpHeaders } from 'node:http';
import { type ApiProblem, apiProblem, invalidRequest } from './api-problem.js';

const API_VERSIONS: readonly string[] = ['2023-01-01', '2023-06-01', '2026-10-21'];

/** The key of either header, or nothing. SDK 1.x sends a bearer token, older clients and curl `x-api-key`. */
function credential(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const apiKey = headers['x-api-key'];
  return bearer ?? (typeof apiKey === 'string' && apiKey !== '' ? apiKey : undefined);
}

/** @param apiKeys the keys that work; without a list every key does */
export function checkCredential(
  headers: IncomingHttpHeaders,
  apiKeys: readonly string[] | null,
): ApiProblem | undefined {
  const key = credential(headers);
  if (key === undefined) return apiProblem(401, 'authentication_error', 'x-api-key header is required');
  if (apiKeys?.includes(key) === false) return apiProblem(401, 'authentication_error', 'invalid x-api-key');
  return undefined;
}

export function checkVersion(headers: IncomingHttpHeaders): ApiProblem | undefined {
  const version = headers['anthropic-version'];
  if (version === undefined || version === '') return invalidRequest('anthropic-version: header is required');
  if (typeof version === 'string' && API_VERSIONS.includes(version)) return undefined;
  return invalidRequest(`anthropic-version: "${String(version)}" is not a valid version`);
}
