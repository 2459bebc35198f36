import type { PageContext } from './page-context.js';
import { html, trusted, type Html } from './html.js';
import { documentOf } from './page-document.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_SECTIONS, type PageSection } from './page-sections.js';
import { moment } from './page-words.js';
import { SEVERITY_WORD } from './state-words.js';

/** Without script the page is loaded again so often, in seconds. */
const REFRESH_SECONDS = 15;

export interface PageFrame {
  /** Of this one answer's content security policy. */
  readonly nonce: string;
  /** The key of forms, where there is a session to end. */
  readonly signOutKey?: string;
}

/** The dashboard: one page, complete in itself; nothing is built, and nothing is fetched from anywhere else. */
export function dashboardPage(context: PageContext, { nonce, signOutKey }: PageFrame): string {
  const { atMs, verdict } = context.status;
  return documentOf({
    nonce,
    title: titleOf(context),
    head: html`<noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS}" /></noscript>`,
    body: html`<a class="skip" href="#main">To the verdict</a>
      <header>
        <h1>Claude in this application</h1>
        <p class="meta">
          All times are UTC. As of <span id="as-of">${moment(atMs, atMs)}</span>.
          <span id="live">Loaded again every ${REFRESH_SECONDS} s.</span>
        </p>
        ${signOutKey !== undefined && html`<form method="post" class="sign-out"><input type="hidden" name="formKey" value="${signOutKey}" /><button name="signOut" value="yes">Sign out</button></form>`}
      </header>
      <main id="main" tabindex="-1" data-severity="${verdict.severity}">
        ${PAGE_SECTIONS.map((section) => [sectionOf(section, context), section.id === 'glance' && NAVIGATION])}
      </main>
      <footer>
        <p class="quiet">
          Counted since ${moment(context.status.countsSinceMs, atMs)}, when this process began; nothing of it asks
          Claude. The same as data: <a href="?format=json">JSON</a>.
        </p>
      </footer>
      <script nonce="${nonce}">
        ${trusted(PAGE_SCRIPT)};
      </script>`,
  });
}

/** To what is below what everybody reads. */
const NAVIGATION = html`<nav aria-label="On this page">
  <ul>
    ${PAGE_SECTIONS.filter(({ isTitleHidden }) => isTitleHidden !== true).map(({ id, title }) => html`<li><a href="#h-${id}">${title}</a></li>`)}
  </ul>
</nav>`;

export function titleOf({ status: { verdict } }: PageContext): string {
  // What nobody knows is not well.
  return verdict.topic === 'no_traffic' ? verdict.headline : `${SEVERITY_WORD[verdict.severity]}: ${verdict.headline}`;
}

function sectionOf({ id, title, isTitleHidden, isHalf, render }: PageSection, context: PageContext): Html {
  return html`<section aria-labelledby="h-${id}" class="${isHalf === true ? 'half' : 'full'}">
    <h2 id="h-${id}" class="${isTitleHidden === true ? 'sr' : 'title'}">${title}</h2>
    <div id="s-${id}">${render(context)}</div>
  </section> `;
}
