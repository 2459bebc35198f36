import type { Clock } from '../../core/clock.port.js';
import type { ReviewListOptions } from '../../core/fallback/review-list.options.js';
import type {
  NewReviewItem,
  ReviewItem,
  ReviewList,
  ReviewPage,
  ReviewPageWish,
} from '../../core/fallback/review-list.port.js';
import type { Random } from '../../core/random.port.js';
import { SystemRandom } from '../../system/system-random.js';
import { ManualClock } from '../manual-clock.js';
import type { SpecRunner } from '../request-store/spec-runner.js';

/** What a list under test must be made with. */
export interface ReviewParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly options: ReviewListOptions;
}

export const KEEP_MS = 60_000;
const OPTIONS: ReviewListOptions = {
  maxOpen: 5,
  maxInputBytes: 100,
  maxPageLength: 100,
  keepResolvedMs: KEEP_MS,
  maxResolved: 3,
};

export const code = (expected: string) => ({ code: expected });
const inputs = (items: readonly ReviewItem[]) => items.map(({ input }) => input);

/** One list at a time, its clock, and what the specs do with it. */
export class ReviewBench {
  #list: ReviewList | undefined;
  #clock = new ManualClock();

  constructor(
    readonly runner: SpecRunner,
    make: (parts: ReviewParts) => ReviewList | Promise<ReviewList>,
    close: (list: ReviewList) => void | Promise<void>,
  ) {
    runner.beforeEach(async () => {
      this.#clock = new ManualClock();
      this.#list = await make({ clock: this.#clock, random: new SystemRandom(), options: OPTIONS });
    });
    runner.afterEach(async () => close(this.list));
  }

  /** The list of the running spec. */
  get list(): ReviewList {
    if (this.#list === undefined) throw new Error('There is a list once a spec runs');
    return this.#list;
  }

  get clock(): ManualClock {
    return this.#clock;
  }

  readonly add = (input: unknown, over: Partial<NewReviewItem> = {}) =>
    this.list.add({ feature: 'classification', correlationId: 'c-1', input, ...over });

  readonly addAndResolve = async (input: unknown) => this.list.resolve((await this.add(input)).id);

  readonly openInputs = async () => inputs(await this.list.list());

  readonly pageOf = async (wish: Partial<ReviewPageWish>) =>
    inputs((await this.list.page({ limit: 9, ...wish })).items);

  /** All pages, one after the other. */
  readonly pages = async (wish: ReviewPageWish): Promise<unknown[][]> => {
    const found: unknown[][] = [];
    let page: ReviewPage | undefined = await this.list.page(wish);
    while (page !== undefined) {
      found.push(inputs(page.items));
      page = page.next === undefined ? undefined : await this.list.page({ ...wish, after: page.next });
    }
    return found;
  };
}
