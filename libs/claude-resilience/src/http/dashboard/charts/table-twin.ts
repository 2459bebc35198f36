import { html, type Html, type HtmlPart } from '../html.js';

export interface TableParts {
  /** Of the fold, for who comes back to it. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly HtmlPart[])[];
}

/** A table that scrolls by itself where it is too wide, also by keyboard. */
export function table({ id, caption, columns, rows }: TableParts): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}" data-keep="${id}">
    <table>
      <caption class="sr">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(rowOf)}
      </tbody>
    </table>
  </div>`;
}

/** The same numbers as a chart, for who does not see it, or wants to know exactly. */
export function tableTwin(parts: TableParts): Html {
  return html`<details id="d-${parts.id}">
    <summary>${parts.caption} as a table</summary>
    ${table(parts)}
  </details>`;
}

function rowOf([first, ...cells]: readonly HtmlPart[]): Html {
  return html`<tr>
    <th scope="row">${first}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
}
