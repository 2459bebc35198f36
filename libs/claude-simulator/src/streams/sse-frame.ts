import type { Random } from '../random/seeded-random.js';
import type { StreamEvent } from './stream-event.js';

const MAX_PADDING = 15;

/** One event on the wire. The API pads its JSON with spaces of varying number before the last brace. */
export function sseFrame(event: StreamEvent, random: Random): string {
  return frame(event.type, jsonOf(event, random));
}

/** An event whose JSON stops half-way. */
export function brokenFrame(event: StreamEvent, random: Random): string {
  const json = jsonOf(event, random);
  return frame(event.type, json.slice(0, Math.floor(json.length / 2)));
}

function frame(name: string, data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}

function jsonOf(event: StreamEvent, random: Random): string {
  if (event.type === 'ping') return '{"type": "ping"}';
  const json = JSON.stringify(event);
  if (event.type === 'error') return json;
  return `${json.slice(0, -1)}${' '.repeat(Math.floor(random() * (MAX_PADDING + 1)))}}`;
}
