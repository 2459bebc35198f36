import { rowsOf } from '../harness/rows-of.js';
import type { Scenario } from '../harness/scenario.js';
import type { Row } from '../harness/section.js';
import { sideBySide } from '../harness/side-by-side.js';
import { openStreams, type Reader } from '../subjects/streams.js';

/** So long that what a call costs is lost in what its events cost. */
const PIECES = 2_000;

export const stream: Scenario = {
  name: 'stream',
  async measure(effort) {
    const { events, readers, close } = await openStreams(PIECES);
    // One time is one event.
    const run =
      ({ read }: Reader) =>
      async (times: number) => {
        for (let left = times; left > 0; left -= events) await read();
      };
    const variants = readers.map((reader) => ({ name: reader.name, batch: events, run: run(reader) }));
    const readings = await sideBySide(variants, effort);
    const rows: readonly Row[] = await rowsOf(variants, readings, 'bare source');
    await close();
    return [
      {
        title: 'A stream, event by event',
        text:
          `Streams of ${events} events that are there already, read with \`for await\`. Ours joins broken streams, meters ` +
          'tokens, follows what was delivered, and ends a stream that falls silent. The source costs next to nothing: what ' +
          "the SDK needs to read an event from a response is in the section of the SDK's own calls.",
        unit: 'ns an event',
        reference: 'bare source',
        rows,
        goals: [
          {
            what: 'stream, per event / bare source in memory',
            bound: 'at most',
            limits: [1.1],
            value: readings.ratio('ours: messages.stream', 'bare source'),
          },
        ],
      },
    ];
  },
};
