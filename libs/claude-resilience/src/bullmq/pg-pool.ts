/** What is used of a pool of node-postgres (`pg`): its own types are in a package that users may not have. */
export interface PgQueryable {
  query(sql: string, values?: readonly unknown[]): Promise<PgResult>;
}

export interface PgResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowCount: number | null;
}

export interface PgClient extends PgQueryable {
  /** @param error when the connection is not to be used again */
  release(error?: unknown): void;
}

export interface PgPool extends PgQueryable {
  connect(): Promise<PgClient>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** Runs work on one connection, in one transaction: all of it, or nothing. */
export async function inTransaction<T>(pool: PgPool, work: (client: PgQueryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const value = await work(client);
    await client.query('COMMIT');
    client.release();
    return value;
  } catch (error) {
    const broken = await client.query('ROLLBACK').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    client.release(broken);
    throw error;
  }
}
