import type { ServerResponse } from 'node:http';
import type { Params } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import type { AppSettings } from '../app.settings.js';
import { correlationIdOf } from './correlation-id.js';
import { describedError } from './described-error.js';
import { describedRequest } from './described-request.js';
import { withoutErrorText } from './without-error-text.js';
import { withoutKeys } from './without-keys.js';

/** Where a credential would stand if somebody logged a request or the options of a client after all. */
const REDACTED_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'headers.authorization',
  'headers.cookie',
  'headers["x-api-key"]',
  'authorization',
  'cookie',
  '["x-api-key"]',
  'apiKey',
  'authToken',
];

/** One JSON line an event. Three fences, each for what gets over the one before: allow-lists, redaction, a last scrub. */
export function logOptions({ logLevel, logTo }: AppSettings): Params {
  const isDebugging = logLevel === 'debug' || logLevel === 'trace';
  return {
    pinoHttp: [
      {
        level: logLevel,
        base: null,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        genReqId: correlationIdOf,
        // Lines of a request carry its id; what was asked stands in the last of them.
        quietReqLogger: true,
        wrapSerializers: false,
        serializers: {
          req: describedRequest,
          res: describedResponse,
          err: (error) => describedError(error, isDebugging),
        },
        customLogLevel: (_request, { statusCode }) => (statusCode >= 500 ? 'error' : 'info'),
        customSuccessObject: (_request, res, { responseTime }) => ({ res, responseTime }),
        customErrorObject: (_request, res, _error, { responseTime }) => ({ res, responseTime }),
        redact: REDACTED_PATHS,
        hooks: {
          logMethod(args, method) {
            method.apply(this, withoutErrorText(args) as typeof args);
          },
          streamWrite: withoutKeys,
        },
      },
      logTo,
    ],
  };
}

function describedResponse(response: ServerResponse) {
  return { status: response.statusCode, outcome: response.getHeader('x-claude-outcome') };
}
