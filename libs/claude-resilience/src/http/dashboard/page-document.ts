import { html, trusted, type Html } from './html.js';
import { PAGE_STYLE } from './page-style.js';

export interface DocumentParts {
  readonly nonce: string;
  readonly title: string;
  readonly head?: Html;
  readonly body: Html;
}

/** A page of the operator's, whatever is on it. */
export function documentOf({ nonce, title, head, body }: DocumentParts): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${trusted(PAGE_STYLE)}
        </style>
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}
