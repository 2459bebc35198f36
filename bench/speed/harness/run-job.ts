/** A job's file has it as its default export. */
interface JobFile {
  readonly default: (input: unknown) => Promise<unknown>;
}

/** Does the job, tells the parent what it gave, and stays until that is gone: some jobs are servers. */
export async function runJob(job: string, input: unknown): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  const file = (await import(`../jobs/${job}.ts`)) as JobFile;
  process.send?.(await file.default(input));
}
