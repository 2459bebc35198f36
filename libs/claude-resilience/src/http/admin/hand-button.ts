import type { AdminAction } from '../../core/admin/admin-act.js';
import { html, type Html } from '../dashboard/html.js';
import { FORM_KEY_FIELD } from '../check-form-key.js';
import { ADMIN_FORMS } from './admin-forms.js';
import { placeOf } from './place-of.js';

/** What forms of one page have in common. */
export interface HandFrame {
  readonly formKey: string;
  /** @param place such as `circuit/hold-open` @returns where that is, from the page */
  readonly urlOf: (place: string) => string;
}

/** One button: nothing is done before who it was, and why, has been asked. */
export interface Hand {
  readonly action: AdminAction;
  /** What the form is filled with. */
  readonly fields?: Readonly<Record<string, string>>;
  /** What it is about, for who does not see where the button stands. */
  readonly about?: string;
}

/** Buttons in a row. */
export function handButtons(hands: readonly Hand[], frame: HandFrame): Html {
  return html`<div class="hands">${hands.map((hand) => handButton(hand, frame))}</div>`;
}

function handButton({ action, fields = {}, about }: Hand, { formKey, urlOf }: HandFrame): Html {
  const place = placeOf(action);
  const values = Object.entries({ ...fields, [FORM_KEY_FIELD]: formKey });
  // Whoever stands on it with the keyboard finds it again when the page has changed around it.
  const id = `hand-${place}-${encodeURIComponent(Object.values(fields).join('-'))}`;
  return html`<form method="post" action="${urlOf(place)}">
    ${values.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button id="${id}">
      ${ADMIN_FORMS[action].title}${about !== undefined && html`<span class="sr"> ${about}</span>`} …
    </button>
  </form>`;
}
