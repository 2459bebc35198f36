/** Why a text cannot be made to fit: also the `rule` of the failure that its caller gets. */
export type PartsStop =
  /** Nothing is left to cut: the frame around the text is too large, or the limit too small. */
  | 'part_is_minimal'
  | 'too_many_parts'
  | 'too_many_requests'
  /** The answers to the parts are together as long as the parts were. */
  | 'parts_do_not_shrink';
