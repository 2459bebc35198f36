/** Light or dark, as the reader has it; down to 320 px; on paper, too. No element has a style of its own: the policy forbids it. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f5f4f0, #121518);
  --card: light-dark(#ffffff, #1b2024);
  --ink: light-dark(#1d2126, #eceae4);
  --quiet: light-dark(#545b64, #a9b0b7);
  --line: light-dark(#dcd8ce, #343b42);
  --edge: light-dark(#83817a, #78828c);
  --accent: light-dark(#0b5d57, #6fd0c4);
  --ok: light-dark(#1a6b3c, #7bd69c);
  --ok-back: light-dark(#e6f3ea, #16291d);
  --warn: light-dark(#8a4b00, #f2b866);
  --warn-back: light-dark(#fdf1dd, #2f2615);
  --bad: light-dark(#a3201d, #ff9d94);
  --bad-back: light-dark(#fdeae8, #351a18);
  --bar: light-dark(#7f9c9a, #5f8784);
  --gap: light-dark(#ebe8e0, #262c31);
  font: 1rem/1.55 system-ui, sans-serif;
  background: var(--paper);
  color: var(--ink);
}
* { box-sizing: border-box; }
body { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem; margin-bottom: 1.25rem; }
h1 { margin: 0; font-size: 1.15rem; font-weight: 650; letter-spacing: -0.01em; }
h2 { margin: 2.5rem 0 .9rem; font-size: 1.35rem; line-height: 1.25; letter-spacing: -0.015em; }
h3 { margin: 0; font-size: 1.05rem; line-height: 1.3; }
h4 { margin: 1rem 0 .35rem; font-size: .85rem; color: var(--quiet); font-weight: 600; }
p { margin: .35rem 0; text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: .2em; }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.meta { margin: 0; flex: 1 1 16rem; color: var(--quiet); font-size: .9rem; }
.verdict.quiet { --tone: var(--edge); --tone-back: var(--card); font-size: 1rem; }
p.quiet, .empty, .why + .quiet { color: var(--quiet); font-size: .92rem; }
.sr { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--card); border-radius: .5rem; z-index: 1; }
.skip:focus { top: .5rem; }
main:focus { outline: none; }
nav { grid-column: 1 / -1; margin-top: 1.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: 0; padding: 0; list-style: none; font-size: .92rem; }
nav a { display: inline-block; padding: .2rem 0; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 2rem; align-items: start; }
main.sign-in { display: block; }
section.full { grid-column: 1 / -1; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button { min-height: 2.5rem; padding: .35rem 1.1rem; font: inherit; font-size: .92rem; font-weight: 600; border: 1px solid var(--edge); border-radius: 99px; cursor: pointer; color: inherit; background: var(--card); }
.verdict { padding: 1.4rem 1.5rem; border-radius: 1rem; border: 1px solid var(--line); border-left: .6rem solid var(--tone); background: var(--tone-back); }
.ok { --tone: var(--ok); --tone-back: var(--ok-back); }
.warn { --tone: var(--warn); --tone-back: var(--warn-back); }
.bad { --tone: var(--bad); --tone-back: var(--bad-back); }
.badge.quiet { --tone: var(--quiet); --tone-back: var(--gap); }
.story b { margin-left: .3rem; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 99px; font-size: .85rem; font-weight: 650; line-height: 1.5; color: var(--tone); background: var(--tone-back); border: 1px solid currentColor; }
.verdict .badge { background: var(--card); font-size: .95rem; }
.headline { margin: .6rem 0 1rem; font-size: 1.75rem; line-height: 1.22; font-weight: 650; letter-spacing: -0.02em; text-wrap: balance; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: .9rem 2rem; margin: 0; }
dt { font-size: .85rem; color: var(--quiet); font-weight: 600; }
dd { margin: 0; text-wrap: pretty; }
p.also { margin: 1rem 0 0; font-weight: 600; }
ul.also { margin: .2rem 0 0; padding-left: 1.2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.25rem), 1fr)); gap: .75rem; margin: 1rem 0 0; }
.tiles > div { padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .8rem; }
.tiles .value { display: block; font-size: 1.4rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.tiles .note { font-size: .82rem; color: var(--quiet); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; margin: 0; padding: 0; list-style: none; }
.card { padding: 1.1rem 1.2rem; background: var(--card); border: 1px solid var(--line); border-radius: .9rem; }
.figures { margin: .8rem 0 0; display: grid; gap: .3rem; font-size: .92rem; }
.figures > div { display: grid; grid-template-columns: minmax(6rem, 7.5rem) 1fr; gap: .75rem; align-items: baseline; }
.changes { margin: 0; padding: 0; list-style: none; display: grid; gap: .45rem; font-size: .92rem; }
.changes li { display: grid; grid-template-columns: max-content 1fr; gap: .75rem; align-items: baseline; }
.story { padding: .4rem 1.2rem; background: var(--card); border: 1px solid var(--line); border-radius: .9rem; gap: 0; }
.story li { padding: .55rem 0; border-top: 1px solid var(--line); }
.story li:first-child { border-top: 0; }
.cards.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
.plain { margin: 0; padding: 0; list-style: none; display: grid; gap: .4rem; }
.big { font-size: 1.2rem; font-weight: 600; }
section h3:not(:first-child) { margin-top: 1.5rem; }
.card h3 { margin: 0; }
.panel { padding: 1rem 1.2rem; margin-top: .6rem; background: var(--card); border: 1px solid var(--line); border-radius: .9rem; }
.strip { display: grid; grid-template-columns: 11rem 1fr 12rem; gap: 0 1rem; align-items: center; margin-bottom: .55rem; font-size: .9rem; line-height: 1.3; }
.strip p { margin: 0; }
.strip .now { font-variant-numeric: tabular-nums; color: var(--quiet); }
.plot { position: relative; height: 2.5rem; border-bottom: 1px solid var(--edge); }
.plot.tall { height: 8.5rem; margin-top: 1.6rem; }
.plot svg { display: block; width: 100%; height: 100%; }
.plot .top { position: absolute; right: 100%; top: -.35rem; padding-right: .3rem; font-size: .7rem; color: var(--quiet); white-space: nowrap; }
.plot.tall .top { right: auto; left: 0; top: -1.05rem; }
.axis { display: flex; justify-content: space-between; margin: .2rem 0 0; font-size: .8rem; color: var(--quiet); }
.panel .strip ~ .axis { margin-inline: 12rem 13rem; }
svg .gap { fill: var(--gap); }
svg .none { fill: var(--edge); }
svg .bar { fill: var(--bar); }
svg .over { fill: var(--bad); }
svg .limit { stroke: var(--ink); stroke-width: 1.25; stroke-dasharray: 5 4; vector-effect: non-scaling-stroke; }
svg .band { fill: var(--gap); }
svg path { fill: none; stroke: var(--ink); stroke-width: 2; vector-effect: non-scaling-stroke; }
svg .p95 { stroke: var(--accent); stroke-width: 2.75; }
svg .p50 { stroke: var(--quiet); stroke-dasharray: 7 4; }
svg .p99 { stroke: var(--warn); stroke-dasharray: 2 3; }
.key { display: inline-block; width: 1.6rem; height: 0; margin-left: .6rem; vertical-align: .28em; border-top: 3px solid var(--accent); }
.key.p50 { border-top: 2px dashed var(--quiet); margin-left: 0; }
.key.p99 { border-top: 2px dotted var(--warn); }
.key.band { height: .8em; border: 1px solid var(--line); background: var(--gap); vertical-align: -.1em; }
.scroll { overflow-x: auto; max-height: 26rem; overflow-y: auto; background: var(--card); border: 1px solid var(--line); border-radius: .8rem; }
details .scroll { margin-top: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .45rem .8rem; text-align: left; vertical-align: top; white-space: nowrap; overflow-wrap: normal; border-bottom: 1px solid var(--line); }
tr:last-child > * { border-bottom: 0; }
thead th { white-space: normal; vertical-align: bottom; position: sticky; top: 0; background: var(--card); color: var(--quiet); font-weight: 600; }
tbody th { font-weight: 600; }
td:last-child { white-space: normal; min-width: 12rem; }
code { font-size: .92em; }
meter { width: 6rem; height: .8rem; vertical-align: -.05em; }
details { margin-top: .6rem; }
summary { width: fit-content; padding: .3rem 0; cursor: pointer; color: var(--accent); font-size: .92rem; }
.hands { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .8rem; }
.hands-of { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between; }
.hands-of .hands { margin: 0; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
.sign-in { max-width: 26rem; margin: 12vh auto 0; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
.sign-in h1 { font-size: 1.4rem; }
.sign-in label { display: block; margin-top: 1rem; font-weight: 600; }
.sign-in input, .sign-in select { display: block; width: 100%; min-height: 2.75rem; margin: .3rem 0 1rem; padding: .4rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; }
.sign-in button { color: light-dark(#fff, #0c2522); background: var(--accent); border-color: var(--accent); }
.sign-in .wrong { color: var(--bad); font-weight: 600; }
@media (max-width: 30rem) {
  body { padding: 1rem .9rem 2rem; }
  .headline { font-size: 1.35rem; }
  .verdict { padding: 1rem; border-left-width: .4rem; }
  .figures > div, .changes li { grid-template-columns: 1fr; gap: 0; }
}
@media (max-width: 46rem) {
  section.half { grid-column: 1 / -1; }
  .strip { grid-template-columns: 1fr; margin-bottom: 1rem; }
  .strip .plot .top { position: static; }
  .strip .plot { height: auto; }
  .strip svg { height: 2.5rem; }
  .panel .strip ~ .axis { margin-inline: 0; }
}
@media (forced-colors: active) { .verdict { border-left-color: CanvasText; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; font-size: 10pt; }
  nav, .skip, .sign-out, .hands, #live { display: none; }
  section { break-inside: auto; } .card, .verdict, .story li { break-inside: avoid-page; }
}
`;
