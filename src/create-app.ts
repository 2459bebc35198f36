import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import type { AppSettings } from './app.settings.js';
import { correlate } from './logging/correlation-id.js';

/** A longer body is refused while it is read, with a 413. */
const BODY_LIMIT = '8mb';

/** The application, ready to listen; for `main.ts`, for tests, and for the tour alike. */
export async function createApp(settings: AppSettings): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings), {
    // What cannot start is reported by whoever starts it, not by killing the process.
    abortOnError: false,
    bufferLogs: true,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  app.disable('x-powered-by');
  app.use(correlate);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  return app;
}
