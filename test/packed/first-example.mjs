import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = 'libs/claude-resilience/README.md';
const START = '<!-- first-example -->';
const END = '<!-- /first-example -->';
const MARKED_EXAMPLE = new RegExp(`${START}\\s*\`\`\`ts\\r?\\n([^]*?)\\r?\\n\`\`\`\\s*${END}`);

/** The README's first example, letter by letter. @throws if the markers do not hold exactly one `ts` block */
export function firstExample(workspace) {
  const text = readFileSync(join(workspace, README), 'utf8');
  const source = MARKED_EXAMPLE.exec(text)?.[1];
  if (source === undefined || text.split(START).length !== 2) {
    throw new Error(`${README}: expected ${START}, one \`\`\`ts block and ${END}, once and in this order`);
  }
  if (!/\bexport class AppModule\b/.test(source)) throw new Error(`${README}: the first example exports no AppModule`);
  return source;
}
