import { FastifyAdapter } from '@nestjs/platform-fastify';
import { startApp, type AppOptions, type StartedApp } from './start-app.js';

/** An application, and every route that its platform's router knows, for example `GET /health/claude`, in order. */
export interface RoutedApp extends StartedApp {
  readonly routes: readonly string[];
}

export async function startRoutedApp(platform: 'express' | 'fastify', options: AppOptions): Promise<RoutedApp> {
  if (platform === 'express') {
    const started = await startApp(options);
    return { ...started, routes: sorted(expressRoutes(started.app.getHttpAdapter().getInstance())) };
  }
  const adapter = new FastifyAdapter();
  const routes: string[] = [];
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one} ${url}`);
  });
  const started = await startApp({ ...options, adapter });
  // Fastify answers HEAD wherever it answers GET, as Express does without saying so.
  return { ...started, routes: sorted(routes.filter((route) => !route.startsWith('HEAD '))) };
}

interface ExpressApp {
  readonly router: {
    readonly stack: readonly {
      readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
    }[];
  };
}

function expressRoutes({ router }: ExpressApp): readonly string[] {
  return router.stack.flatMap(({ route }) =>
    Object.keys(route?.methods ?? {}).map((method) => `${method.toUpperCase()} ${route?.path}`),
  );
}

const sorted = (routes: readonly string[]) => [...new Set(routes)].toSorted();
