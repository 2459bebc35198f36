import type { AdminAction } from '../../core/admin/admin-act.js';
import { html, type Html } from '../dashboard/html.js';
import { documentOf } from '../dashboard/page-document.js';
import type { FormFields } from '../form-body.js';
import { ADMIN_AUTHOR, ADMIN_FORMS, issueInWords, type AdminField } from './admin-forms.js';

export interface ConfirmationParts {
  readonly nonce: string;
  readonly formKey: string;
  readonly action: AdminAction;
  /** What was sent so far. */
  readonly fields: FormFields;
  /** What is wrong with it; empty at the first time. */
  readonly issues: readonly string[];
  /** Where to go instead. */
  readonly backUrl: string;
}

/** Asks who does it, why, and whether they mean it. */
export function confirmationPage({ nonce, formKey, action, fields, issues, backUrl }: ConfirmationParts): string {
  const { title, sentence, fields: own } = ADMIN_FORMS[action];
  const labels = Object.entries(fields).filter(([name]) => name.startsWith('label.'));
  return documentOf({
    nonce,
    title: `${title}: Claude in this application`,
    body: html`<main class="sign-in">
      <h1>${title}</h1>
      <p>${sentence}</p>
      ${
        issues.length > 0 &&
        html`<div class="wrong" role="alert">
          <ul>
            ${issues.map((issue) => html`<li>${issueInWords(action, issue)}</li>`)}
          </ul>
        </div>`
      }
      ${labels.length > 0 && html`<p class="quiet">Only with ${labels.map(([name, value]) => `${name.slice(6)} ${value}`).join(', ')}.</p>`}
      <form method="post">
        <input type="hidden" name="formKey" value="${formKey}" />
        <input type="hidden" name="confirmed" value="yes" />
        ${labels.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        ${[...own, ...ADMIN_AUTHOR].map((field) => input(field, fields[field.name] ?? ''))}
        <button>${title}</button>
      </form>
      <p><a href="${backUrl}">Back, and leave it as it is</a></p>
    </main>`,
  });
}

function input({ name, label, type, isRequired }: AdminField, value: string): Html {
  const required = isRequired === true && html` required`;
  if (typeof type !== 'string') {
    const options = ['', ...type].map(
      (option) => html`<option value="${option}" ${option === value && html`selected`}>${option}</option>`,
    );
    return html`<label for="${name}">${label}</label
      ><select id="${name}" name="${name}" ${required}>
        ${options}
      </select>`;
  }
  const number = type === 'number' && html` inputmode="decimal"`;
  return html`<label for="${name}">${label}</label
    ><input id="${name}" name="${name}" value="${value}" autocomplete="off" ${number} ${required} />`;
}

/** Says in a browser that something cannot be done, and leads back. */
export function refusalPage(nonce: string, title: string, sentence: string, backUrl: string | undefined): string {
  return documentOf({
    nonce,
    title: `${title}: Claude in this application`,
    body: html`<main class="sign-in">
      <h1>${title}</h1>
      <p role="alert">${sentence}</p>
      ${backUrl !== undefined && html`<p><a href="${backUrl}">To the dashboard</a></p>`}
    </main>`,
  });
}
