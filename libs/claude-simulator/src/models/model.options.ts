/** Changes one model of the table. */
export interface ModelOptions {
  /** RFC 3339; from this moment of the simulator's clock the model answers 404, until then it is deprecated. Null: never. */
  readonly retiresAt: string | null;
}
