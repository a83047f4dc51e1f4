import { paletteVariables } from './palette.js';

const LIGHT = `--paper: #fdfdfb; --ink: #1d1d1b; --muted: #66655f; --rule: #dddbd3;
  --accent: #0072b2; --heat: #0072b2; ${paletteVariables('light')}`;
const DARK = `--paper: #161715; --ink: #e9e7e1; --muted: #a3a199; --rule: #3a3a36;
  --accent: #5cb8f0; --heat: #2f86bd; ${paletteVariables('dark')}`;

/** The style sheet of the page around the charts: light and dark, narrow and wide, screen and paper. */
export const styleSheet = `
:root { color-scheme: light dark; ${LIGHT}
  --serif: "Iowan Old Style", Charter, "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); }
main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1rem; }
header { padding: 3.5rem 0 1rem; }
h1, h2 { font-family: var(--serif); font-weight: 500; line-height: 1.15; overflow-wrap: anywhere; }
h1 { font-size: clamp(2rem, 5vw, 2.9rem); margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.7rem; margin: 0 0 .75rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 2rem 0 .5rem; }
section { padding: 2.25rem 0 1.25rem; border-top: 1px solid var(--rule); }
.byline { color: var(--muted); margin: .6rem 0 1.8rem; overflow-wrap: anywhere; }
.lead { font: 1.125rem/1.6 var(--serif); max-width: 68ch; }
.lead p { margin: 0 0 .9em; overflow-wrap: anywhere; }
.lead p:first-child { font-size: 1.2em; line-height: 1.5; }
.prose { max-width: 72ch; margin: 0 0 1.25rem; overflow-wrap: anywhere; }
.note, figcaption { color: var(--muted); font-size: .85rem; line-height: 1.5; max-width: 84ch; margin: .6rem 0; overflow-wrap: anywhere; }
td:has(.heat) { padding: 0; height: 1px; }
td .heat { display: block; padding: .45rem .55rem; height: 100%; }
.download { font-size: .8rem; margin: .4rem 0; }
.muted { color: var(--muted); }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin: 0 0 2rem; padding: 0; font-size: .9rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.scroll { overflow-x: auto; margin: .5rem 0;
  background: linear-gradient(to left, var(--paper) 40%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to left, var(--rule), transparent) right / .9rem 100% no-repeat; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums lining-nums; line-height: 1.35; }
caption { text-align: left; color: var(--muted); padding-bottom: .4rem; }
caption span { display: block; position: sticky; left: 0; max-width: calc(100vw - 2rem); }
th, td { padding: .45rem .55rem; vertical-align: top; font-weight: 400; text-align: left; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { vertical-align: bottom; font-weight: 600; border-bottom: 1px solid var(--ink); }
tbody tr { border-bottom: 1px solid var(--rule); }
.number { text-align: right; }
td.number { white-space: nowrap; }
th.text { overflow-wrap: anywhere; min-width: 5.75rem; }
td.text { overflow-wrap: anywhere; min-width: 7.5rem; }
td.text:last-child { min-width: 11rem; }
.unit, .interval { display: block; color: var(--muted); font-size: .8rem; font-weight: 400; }
thead .unit { max-width: 13em; margin-left: auto; white-space: normal; }
thead .text .unit { margin-left: 0; }
.group th { padding: 1.1rem 0 .35rem; font-weight: 600; color: var(--accent); }
.group span { position: sticky; left: 0; }
table.numbers tbody th[scope=row] { position: sticky; left: 0; background: var(--paper); font-weight: 500; max-width: 14rem; }
table.texts { width: 100%; }
table.texts caption { position: absolute; clip-path: inset(50%); }
table.texts td:last-child { min-width: 20rem; }
table.texts td.quote { min-width: 15rem; }
table.texts th[scope=row] { white-space: nowrap; }

figure { margin: 2rem 0; }
figure h3 { margin: 0 0 .35rem; }
@media screen and (min-width: 64rem) {
  .alone { display: grid; grid-template-columns: minmax(0, 1fr) 15rem; column-gap: 2rem; align-items: start; }
  .alone > * { grid-column: 1; }
  .alone > details { grid-column: 1 / -1; grid-row: 4; }
  .alone > figcaption { grid-column: 2; margin-top: 1.4rem; padding-left: 1rem; border-left: 1px solid var(--rule); }
  .alone > svg, .alone > figcaption { grid-row: 3; }
}
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .5rem; padding: 0; font-size: .875rem; overflow-wrap: anywhere; }
.legend .mark { width: 14px; height: 14px; margin-right: .4em; vertical-align: -.12em; }
.side-by-side { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2rem; align-items: start; }
details { margin: .6rem 0; font-size: .875rem; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
details .scroll { max-height: 28rem; overflow: auto; }
details tbody td.text:last-child:not(:nth-child(2)) { min-width: 28rem; }

dl { margin: 0 0 1.5rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.settings div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: .3rem 0; border-bottom: 1px solid var(--rule); }
.settings { max-width: 50rem; font-size: .925rem; }
.settings dt { font-weight: 400; color: var(--muted); }
.glossary { columns: 2; column-gap: 2.5rem; font-size: .925rem; }
.glossary div { break-inside: avoid; padding-bottom: .9rem; }
.limits { max-width: 72ch; padding-left: 1.1rem; }
.limits li { margin-bottom: .6rem; }
.limits li::marker { color: var(--accent); }
footer { color: var(--muted); font-size: .85rem; padding-top: 1rem; padding-bottom: 3rem; }

@media screen and (max-width: 44rem) {
  header { padding-top: 2rem; }
  .side-by-side, .glossary { display: block; columns: 1; }
  .side-by-side svg + svg { margin-top: 1.25rem; }
  .settings div { grid-template-columns: 1fr; gap: 0; }
  table.numbers tbody th[scope=row] { min-width: 6.75rem; max-width: 8rem; }
  table.texts, table.texts tbody { display: block; }
  table.texts thead { display: none; }
  table.texts tr { display: flex; flex-wrap: wrap; gap: .1rem .9rem; padding: .7rem 0; }
  table.texts th, table.texts td { padding: 0; min-width: 0; }
  table.texts td:last-child, table.texts td.quote { flex: 1 0 100%; min-width: 0; }
  table.texts [data-head]::before { content: attr(data-head) " "; color: var(--muted); text-transform: lowercase; }
}
@page { margin: 14mm; }
@media print {
  :root { --paper: #fff; }
  html { font-size: 9.5pt; }
  header { padding-top: 0; }
  nav, details, .download { display: none; }
  table { font-size: 6.8pt; }
  .unit, .interval { font-size: 6pt; }
  th, td { padding: .3rem .3rem; }
  td.text, th.text { min-width: 4.5rem; }
  .side-by-side { gap: 1rem; }
  .scroll { overflow: visible; background: none; }
  table.numbers tbody th[scope=row] { position: static; }
  figure, tr, dl div, li { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
}
`;
