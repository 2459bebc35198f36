/** Picodollars of one US dollar. */
export const PICO_USD_PER_USD = 1e12;

/** The most that one amount may be, in picodollars: about 9,000 USD, which no request costs. */
export const MOST_PICO_USD = Number.MAX_SAFE_INTEGER;

/**
 * A sum of money, exact however much is added: whole dollars, and the rest of one in picodollars. Both are integers that a
 * double holds exactly, so nothing drifts; and both are plain numbers, so it goes through JSON, which a bigint does not.
 *
 * Picodollars since every price of the list, with every discount and surcharge on it, is a whole number of them for one
 * token: 0.01 USD per million x0.5 x1.1 is 5,500.
 */
export interface Money {
  readonly dollars: number;
  /** From 0, below a dollar. */
  readonly picoUsd: number;
}

export const NO_MONEY: Money = Object.freeze({ dollars: 0, picoUsd: 0 });

/** @param picoUsd a whole number from 0 to `MOST_PICO_USD` */
export function plusPicoUsd({ dollars, picoUsd: rest }: Money, picoUsd: number): Money {
  // Split first: the two together may be more than a double holds exactly.
  const sum = rest + (picoUsd % PICO_USD_PER_USD);
  const carried = Math.floor(picoUsd / PICO_USD_PER_USD) + (sum >= PICO_USD_PER_USD ? 1 : 0);
  return { dollars: dollars + carried, picoUsd: sum % PICO_USD_PER_USD };
}

export function plusMoney(one: Money, other: Money): Money {
  const { dollars, picoUsd } = plusPicoUsd(one, other.picoUsd);
  return { dollars: dollars + other.dollars, picoUsd };
}

export function isNothing({ dollars, picoUsd }: Money): boolean {
  return dollars === 0 && picoUsd === 0;
}

/** For people, metrics and comparisons: the double next to it. */
export function usdOf({ dollars, picoUsd }: Money): number {
  return dollars + picoUsd / PICO_USD_PER_USD;
}
