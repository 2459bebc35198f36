import { Inject, Injectable, Optional } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

/** Where a request can be looked at, as paths. */
export interface RequestUrls {
  readonly statusUrl: string;
  readonly eventsUrl: string;
}

/** The path that the routes of requests were given; `undefined` when there are none. */
export const REQUESTS_ROUTE = Symbol('claude-resilience:requests-route');

/** Where deferred requests can be looked at in this application, as paths. */
@Injectable()
export class ClaudeRequestUrls {
  constructor(
    @Optional() @Inject(REQUESTS_ROUTE) private readonly path: string | undefined,
    @Inject(ApplicationConfig) private readonly application: ApplicationConfig,
  ) {}

  /** @returns `undefined` when the application has switched the routes off */
  of(requestId: string): RequestUrls | undefined {
    if (this.path === undefined) return undefined;
    const prefix = this.application.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
    const statusUrl = `/${[prefix, this.path, encodeURIComponent(requestId)].filter((part) => part !== '').join('/')}`;
    return { statusUrl, eventsUrl: `${statusUrl}/events` };
  }
}
