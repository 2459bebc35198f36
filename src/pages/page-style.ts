/** The look that all pages share: light or dark, as the reader has it, and down to 320 px. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f4ef, #14171a);
  --card: light-dark(#ffffff, #1d2226);
  --ink: light-dark(#1f2328, #e9e6df);
  --quiet: light-dark(#5a6068, #a3a9af);
  --line: light-dark(#d9d4c8, #353c42);
  --edge: light-dark(#8a8578, #727c85);
  --accent: light-dark(#0b5d57, #6fd0c4);
  --on-accent: light-dark(#ffffff, #0c2522);
  --mine: light-dark(#e2efec, #1c3532);
  --warn: light-dark(#8a4b00, #f0b866);
  --warn-back: light-dark(#fdf1dd, #33291a);
  font: 1.0625rem/1.6 system-ui, sans-serif;
  background: var(--paper);
  color: var(--ink);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { max-width: 44rem; min-height: 100dvh; margin: 0 auto; padding: 2.5rem 1.25rem 0; display: flex; flex-direction: column; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
header p { margin: .5rem 0 0; color: var(--quiet); text-wrap: pretty; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-bottom: 1.25rem; font-size: .95rem; }
nav a { padding: .35rem 0; color: var(--accent); text-underline-offset: .25em; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
main { flex: 1; padding: 1.5rem 0 .5rem; }
code { font-size: .92em; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1rem; box-shadow: 0 1px 2px #0001, 0 8px 24px #0000000d; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.25rem; }
.answer { border-left: 3px solid var(--accent); padding-left: 1rem; }
.text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.answer[aria-busy="true"] .text::after { content: ""; display: inline-block; width: .5em; height: 1.05em; margin-left: .15em; vertical-align: -.15em; border-radius: 2px; background: var(--accent); }
.note { width: fit-content; margin: .75rem 0 0; padding: .25rem .75rem; border-radius: .5rem; font-size: .9rem; color: var(--warn); background: var(--warn-back); }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
form > label:first-child { display: block; font-weight: 600; font-size: .95rem; }
textarea { display: block; width: 100%; margin: .4rem 0 .75rem; padding: .6rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .6rem; resize: vertical; }
textarea::placeholder { color: var(--quiet); opacity: 1; }
.check { display: flex; gap: .6rem; align-items: baseline; margin-bottom: .75rem; font-size: .95rem; line-height: 1.4; }
.check input { flex: none; width: 1.1rem; height: 1.1rem; margin: 0; translate: 0 .15rem; accent-color: var(--accent); }
.bar { display: flex; gap: .6rem; align-items: center; }
.bar p { flex: 1; margin: 0; font-size: .85rem; line-height: 1.4; color: var(--quiet); }
button { min-height: 2.75rem; padding: .4rem 1.35rem; font: inherit; line-height: 1.25; font-weight: 600; border: 1px solid var(--accent); border-radius: 99px; cursor: pointer; color: var(--on-accent); background: var(--accent); }
.plain { color: var(--accent); background: none; }
button[aria-disabled="true"] { opacity: .5; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#status { min-height: 2.9rem; margin: 0; padding: .75rem .25rem; font-size: .95rem; line-height: 1.4; color: var(--quiet); }
#status[data-tone="warn"] { color: var(--warn); }
@media (prefers-reduced-motion: no-preference) {
  .answer[aria-busy="true"] .text::after { animation: blink 1.1s steps(2, jump-none) infinite; }
  @keyframes blink { to { opacity: .15; } }
}
@media (max-width: 26rem) {
  body { padding-top: 1.5rem; padding-inline: 1rem; }
  h1 { font-size: 1.5rem; }
  .bar p { display: none; }
  button { flex: 1; }
}
@media (forced-colors: active) { .answer { border-left-color: CanvasText; } }
@media print {
  :root { --paper: #fff; --ink: #000; --mine: #fff; --accent: #000; --warn: #000; --warn-back: #fff; font-size: 11pt; }
  nav, form, header p, #status { display: none; }
  .note { padding: 0; }
  li { break-inside: avoid-page; }
}
`;
