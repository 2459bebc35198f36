import { Inject, Injectable, Optional, RequestMethod } from '@nestjs/common';
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
    const prefix = this.#prefixOf(this.path);
    const statusUrl = `/${[prefix, this.path, encodeURIComponent(requestId)].filter((part) => part !== '').join('/')}`;
    return { statusUrl, eventsUrl: `${statusUrl}/events` };
  }

  /** The global one, unless the application has taken these routes out of it. */
  #prefixOf(path: string): string {
    const { exclude = [] } = this.application.getGlobalPrefixOptions();
    const methods: readonly number[] = [RequestMethod.GET, RequestMethod.ALL, -1]; // -1: Nest's own "all"
    const route = `/${path}/:id`;
    const isOut = exclude.some((out) => methods.includes(out.requestMethod) && out.pathRegex.test(route));
    return isOut ? '' : this.application.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
  }
}
