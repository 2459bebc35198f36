/** Who is measured: one way to make the same call. */
export interface Subject {
  readonly name: string;
  call(): Promise<unknown>;
}

/** Those of one scenario, and how to end them. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  close(): Promise<void>;
}
