import type { ServerResponse } from 'node:http';
import { claudePinoOptions } from 'nestjs-claude-resilience';
import type { Params } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import type { AppSettings } from '../app.settings.js';
import { correlationIdOf } from './correlation-id.js';

/** One JSON line an event. What keeps keys and prompts out of it comes with the module. */
export function logOptions({ logLevel, logTo, operatorToken }: AppSettings): Params {
  const claude = claudePinoOptions({ level: logLevel, secrets: [operatorToken] });
  return {
    pinoHttp: [
      {
        ...claude,
        base: null,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        genReqId: correlationIdOf,
        // Lines of a request carry its id; what was asked stands in the last of them.
        quietReqLogger: true,
        serializers: { ...claude.serializers, res: describedResponse },
        customLogLevel: (_request, { statusCode }) => (statusCode >= 500 ? 'error' : 'info'),
        customSuccessObject: (_request, res, { responseTime }) => ({ res, responseTime }),
        customErrorObject: (_request, res, _error, { responseTime }) => ({ res, responseTime }),
      },
      logTo,
    ],
  };
}

function describedResponse(response: ServerResponse) {
  return { status: response.statusCode, outcome: response.getHeader('x-claude-outcome') };
}
