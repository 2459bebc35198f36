import { Body, Get, Header, HttpCode, Inject, Param, Post, Query, type Type } from '@nestjs/common';
import { ClaudeResilienceError } from '../core/errors.js';
import {
  ReviewList,
  type ReviewCount,
  type ReviewItem,
  type ReviewPage,
  type ReviewResolution,
} from '../core/fallback/review-list.port.js';
import type { ClaudeRoute } from './claude-route.js';
import type { OperatorAccess } from './operator-access.js';
import { OperatorProblem } from './operator-problem.js';
import { operatorRoute } from './operator-route.js';
import { readReviewBody, readReviewQuery } from './review-requests.js';

/** A page of the list, and what is open in all. Dates are ISO 8601 in JSON. */
export interface ClaudeReviewsAnswer {
  readonly reviews: ReviewPage['items'];
  /** For `?after=`; absent on the last page. */
  readonly next?: string;
  readonly open: ReviewCount;
}

/** The controllers of human review (R24): one, or none. @throws {ClaudeInvalidOptionsError} */
export function reviewControllers(route: ClaudeRoute | undefined, access: OperatorAccess): Type<unknown>[] {
  const decorate = operatorRoute('reviews', route, 'claude/reviews', access);
  if (decorate === undefined) return [];

  // A class of its own for each application: path and guards are metadata of the class.
  @decorate
  class ClaudeReviewsController {
    constructor(@Inject(ReviewList) private readonly reviews: ReviewList) {}

    @Get()
    @Header('Cache-Control', 'no-store')
    async list(@Query() query: unknown): Promise<ClaudeReviewsAnswer> {
      const wish = readReviewQuery(query);
      const [{ items, next }, open] = await asked(Promise.all([this.reviews.page(wish), this.reviews.countOpen()]));
      return { reviews: items, ...(next !== undefined && { next }), open };
    }

    @Get(':id')
    @Header('Cache-Control', 'no-store')
    async one(@Param('id') id: string): Promise<ReviewItem> {
      return (await asked(this.reviews.get(id))) ?? nowhere();
    }

    /** The same resolution again is answered like the first one. */
    @Post(':id')
    @HttpCode(200)
    @Header('Cache-Control', 'no-store')
    async resolve(@Param('id') id: string, @Body() body: unknown): Promise<ReviewItem> {
      const resolution = readReviewBody(body);
      const resolved = await asked(this.reviews.resolve(id, resolution));
      if (resolved !== undefined) return resolved;
      const before = (await asked(this.reviews.get(id))) ?? nowhere();
      if (isSame(before.resolution, resolution)) return before;
      throw new OperatorProblem(409, 'CLAUDE_REVIEW_RESOLVED', 'It was resolved before, and otherwise.');
    }
  }
  return [ClaudeReviewsController];
}

/** A list that is in trouble says so in words of ours; whatever else goes wrong is the application's to answer. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ClaudeResilienceError) || error.code !== 'CLAUDE_REQUEST_STORE') throw error;
    const headers = { 'Retry-After': '5' };
    throw new OperatorProblem(503, 'CLAUDE_REVIEW_LIST_DOWN', 'The review list cannot be reached now.', headers);
  }
}

function nowhere(): never {
  throw new OperatorProblem(
    404,
    'CLAUDE_REVIEW_NOT_FOUND',
    'There is no such item: never was, or it was kept long enough.',
  );
}

function isSame(one: ReviewResolution | undefined, other: ReviewResolution): boolean {
  return one !== undefined && one.by === other.by && one.label === other.label && one.note === other.note;
}
