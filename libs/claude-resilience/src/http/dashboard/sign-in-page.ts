import { html, trusted, type Html } from './html.js';
import { documentOf } from './page-document.js';

/** Why the page is not shown yet. */
export interface SignInReason {
  readonly status: number;
  /** In our words. */
  readonly sentence: string;
  /** Whether a token opens it. */
  readonly takesToken: boolean;
  readonly isWrong: boolean;
  /** Set when another site's page led here: browsers keep the session to themselves then, and give it at the second try. */
  readonly comesFromElsewhere: boolean;
}

/**
 * A link may bring the token behind its `#`, which browsers send to nobody: for a demo, or a password manager's note. It does not
 * stay in the address bar.
 */
const TOKEN_IN_LINK = `
'use strict';
(() => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  const field = document.getElementById('token');
  field.value = token;
  field.form.requestSubmit();
})();
`;

/** Where an operator without a session ends up: a form for the token, or what is missing to let anybody in. */
export function signInPage(nonce: string, { sentence, takesToken, isWrong, comesFromElsewhere }: SignInReason): string {
  return documentOf({
    nonce,
    title: 'Sign in: Claude in this application',
    ...(comesFromElsewhere && { head: html`<meta http-equiv="refresh" content="0" />` }),
    body: html`<main class="sign-in">
        <h1>Claude in this application</h1>
        ${takesToken ? tokenForm(sentence, isWrong) : html`<p>${sentence}</p>`}
      </main>
      ${
        takesToken &&
        !isWrong &&
        html`<script nonce="${nonce}">
          ${trusted(TOKEN_IN_LINK)};
        </script>`
      }`,
  });
}

function tokenForm(sentence: string, isWrong: boolean): Html {
  return html`<p>
      This page is for operators. It takes the token that the application was given under <code>operator.token</code>.
    </p>
    ${isWrong && html`<p class="wrong" role="alert" id="wrong">${sentence}</p>`}
    <form method="post">
      <label for="token">Token of the operators</label>
      <input
        type="password"
        id="token"
        name="token"
        required
        autocomplete="current-password"
        ${isWrong && html` aria-describedby="wrong" aria-invalid="true"`}
      />
      <button>Sign in</button>
    </form>`;
}
