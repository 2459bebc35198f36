/** Says whether somebody still waits for it: what is begun after that would be done behind their back. */
export type StillWanted = () => boolean;

/**
 * Ends in time, whatever the work does. What it does afterwards is heard by nobody.
 *
 * @param late what is thrown when the time is over
 */
export async function within<T>(
  limitMs: number,
  late: () => unknown,
  work: (isWanted: StillWanted) => Promise<T>,
): Promise<T> {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alarm = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      isOver = true;
      reject(late());
    }, limitMs);
  });
  try {
    return await Promise.race([work(() => !isOver), alarm]);
  } finally {
    clearTimeout(timer);
  }
}
