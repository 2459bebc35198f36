/** The other replicas of this application. */
export type FleetStatus =
  /** There is no `fleet` among the options: this process speaks for itself. */
  | { readonly state: 'off' }
  | {
      readonly state: 'heard';
      /** How many live, this one among them. */
      readonly replicas: number;
    }
  /** They cannot be heard: each goes by what it knows itself. */
  | {
      readonly state: 'unheard';
      /** Wall-clock milliseconds. */
      readonly sinceMs: number;
    };
