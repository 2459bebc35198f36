/** What one `forFeature` declares; found at bootstrap, in whatever module it stands. */
export class DeclaredFeatures {
  constructor(readonly features: unknown) {}
}
