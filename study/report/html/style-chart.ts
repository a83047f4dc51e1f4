import { paletteRules } from './palette.js';

/**
 * The style sheet of the charts. A chart keeps its proportions at every width, so its type is set in the chart's own
 * units, larger on narrow screens, to stay near 11 to 13 px on the screen.
 */
export const chartStyle = `
${paletteRules}
.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: var(--sans); }
.chart.wide { max-width: 52rem; }
.chart.half { max-width: 36rem; }
.wide text { font-size: 10.5px; }
.half text { font-size: 12px; }
.chart text { fill: var(--muted); font-variant-numeric: tabular-nums; stroke: none; }
.chart .axis-label { fill: var(--ink); }
.axis line { stroke: var(--rule); stroke-width: .75; }
.axis text { font-family: var(--sans); }
.chart .row-label { fill: var(--ink); font-weight: 600; }
.chart .row-label, .chart .row-value { stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; paint-order: stroke; }
.points { fill-opacity: .5; stroke-opacity: .9; stroke-width: .6; }
.legend path { fill-opacity: .6; stroke-width: 1; }
.band { fill: var(--ink); fill-opacity: .14; }
.fit { fill: none; stroke: var(--ink); stroke-width: 1.75; }
.zero { fill: none; stroke: var(--muted); stroke-width: 1; stroke-dasharray: 3 3; }
.ridge { fill-opacity: .28; stroke-width: 1.25; }
.box path { fill: none; }
.box .range { stroke-width: 1.25; }
.box .quartiles { stroke-width: 5; stroke-opacity: .55; }
.box .median { fill: var(--paper); stroke-width: 1.75; }
.effect path { fill: none; stroke-width: 2; }
g.effect .at { stroke: var(--paper); stroke-width: 1; }
.effect.c0 .at { fill: var(--c0); } .effect.c1 .at { fill: var(--c1); } .effect.c2 .at { fill: var(--c2); } .effect.c3 .at { fill: var(--c3); }
.effect circle { stroke: var(--paper); stroke-width: 1.5; }
.overall { fill: var(--ink); stroke: var(--ink); }
@media screen and (max-width: 44rem) {
  .wide text { font-size: 19px; }
  .half text { font-size: 15px; }
}
@media print { .wide text { font-size: 10px; } }
`;
