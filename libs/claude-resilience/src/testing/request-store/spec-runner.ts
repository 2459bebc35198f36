/** What the suite needs of a test runner: Jest, Vitest and their like have it. */
export interface SpecRunner {
  describe(name: string, specs: () => void): void;
  it(name: string, spec: () => Promise<void>): void;
  beforeEach(prepare: () => Promise<void>): void;
  afterEach(tidy: () => Promise<void>): void;
  expect(actual: unknown): Matchers<void> & { readonly rejects: Matchers<Promise<void>>; readonly not: Matchers<void> };
}

interface Matchers<Done> {
  toBe(expected: unknown): Done;
  toBeUndefined(): Done;
  toEqual(expected: unknown): Done;
  toBeGreaterThan(expected: number): Done;
  toBeLessThanOrEqual(expected: number): Done;
  toContain(expected: unknown): Done;
  toHaveLength(expected: number): Done;
  toMatchObject(expected: object): Done;
}
