import { PAGE_STYLE } from './page-style.js';

export interface PageParts {
  /** Of this one response's content security policy. */
  readonly nonce: string;
  /** Where this page is in the list of pages. */
  readonly at: (typeof PAGES)[number]['path'];
  readonly title: string;
  /** Markup, as all that follows. */
  readonly body: string;
  /** Put after the style of all pages. */
  readonly style: string;
  readonly script: string;
  readonly scriptType: 'classic' | 'module';
}

const PAGES = [
  { path: './', name: 'Chat' },
  { path: 'summaries', name: 'Summaries' },
] as const;

/** One page of the demo: nothing is built, and nothing is fetched from anywhere else. */
export function page({ nonce, at, title, body, style, script, scriptType }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${PAGE_STYLE}${style}</style>
</head>
<body>
<nav aria-label="Pages">${PAGES.map(({ path, name }) => linkTo(path, name, path === at)).join(' ')}</nav>
${body}
<script nonce="${nonce}"${scriptType === 'module' ? ' type="module"' : ''}>${script}</script>
</body>
</html>
`;
}

function linkTo(path: string, name: string, isHere: boolean): string {
  return `<a href="${path}"${isHere ? ' aria-current="page"' : ''}>${name}</a>`;
}
