import type { IncomingMessage } from 'node:http';

/** Longer than any form of this module, in bytes. */
const LONGEST = 16_384;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;

export type FormFields = Readonly<Record<string, string>>;

/** Whether a request carries the fields of a form. */
export function isFormBody(request: unknown): boolean {
  const { headers } = request as { headers?: Readonly<Record<string, unknown>> };
  const type = headers?.['content-type'];
  return typeof type === 'string' && FORM_TYPE.test(type);
}

/** Where a request keeps what was read of it: a body can be read once. */
const READ = Symbol('claude-resilience:form');

/**
 * The fields of a form. The application may have parsed it, or left it alone: then it is read here, as far as a form may go.
 * What is no form has no fields.
 */
export function readForm(request: object): Promise<FormFields> {
  const kept = request as { [READ]?: Promise<FormFields> };
  return (kept[READ] ??= read(request));
}

async function read(request: object): Promise<FormFields> {
  const { body, raw = request } = request as { body?: unknown; raw?: unknown };
  if (typeof body === 'string' || Buffer.isBuffer(body)) return fieldsOf(body.toString());
  if (typeof body === 'object' && body !== null) return textsOf(body);
  if (body !== undefined || !isFormBody(request)) return {};
  return fieldsOf(await textOf(raw as IncomingMessage));
}

async function textOf(stream: IncomingMessage): Promise<string> {
  if (stream.readableEnded || stream.destroyed) return '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function fieldsOf(text: string): FormFields {
  return Object.fromEntries(new URLSearchParams(text));
}

function textsOf(body: object): FormFields {
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
