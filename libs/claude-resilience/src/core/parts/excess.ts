/** By how much a request is larger than it may be: as measured, as told by the API, or unknown. */
export type Excess =
  | { readonly by: 'bytes' | 'tokens'; readonly got: number; readonly allowed: number }
  | { readonly by: 'unknown' };
