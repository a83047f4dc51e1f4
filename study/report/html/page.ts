import type { Report } from '../report.js';
import { heatStyle } from './chart-heat.js';
import { h, pageTitle, style } from './dom.js';
import { date } from './format.js';
import { cellsSections } from './section-cells.js';
import { comparisonSections } from './section-comparison.js';
import { coverageSections } from './section-coverage.js';
import { dataSection } from './section-data.js';
import { evidenceSections } from './section-evidence.js';
import { extremesSection } from './section-extremes.js';
import { gatesSections } from './section-gates.js';
import { glossarySection, limitsSection } from './section-glossary.js';
import { headlineSection } from './section-headline.js';
import { interventionSections } from './section-interventions.js';
import { kindsSection } from './section-kinds.js';
import { leaksSections } from './section-leaks.js';
import { memorizationSections } from './section-memorization.js';
import { panelSections } from './section-panel.js';
import { scatterSection } from './section-scatter.js';
import { styleSheet } from './style.js';
import { chartStyle } from './style-chart.js';
import { quoted } from './table.js';

// Nothing but the styles inside the page: no script, no image, no request, whatever got into the text.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * A report as one HTML page that needs neither network nor script: tables, charts drawn as SVG, and what they mean.
 * Text of corpora and queries enters as text nodes alone.
 */
export function renderReport(report: Report): string {
  const sections = [
    ...gatesSections(report),
    headlineSection(report),
    ...evidenceSections(report),
    ...panelSections(report),
    ...comparisonSections(report),
    scatterSection(report),
    kindsSection(report),
    ...coverageSections(report),
    ...interventionSections(report),
    ...leaksSections(report),
    ...memorizationSections(report),
    extremesSection(report),
    ...cellsSections(report),
    dataSection(report),
    glossarySection(),
    limitsSection(report),
  ];
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      {},
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      pageTitle(`${report.study} – densimeter report`),
      style(styleSheet),
      style(chartStyle),
      style(heatStyle),
    ),
    h('body', {}, h('main', {}, heading(report), contents(sections), ...sections), foot(report)),
  );
  return `<!doctype html>\n${page.outerHTML}\n`;
}

function heading({ name, study, made, words }: Report): HTMLElement {
  return h(
    'header',
    {},
    h('h1', {}, quoted(study)),
    h('p', { class: 'byline' }, 'Report ', quoted(name), ' · ', h('time', {}, date(made))),
    h('div', { class: 'lead' }, ...words.map((paragraph) => h('p', { dir: 'auto' }, paragraph))),
  );
}

function contents(sections: readonly HTMLElement[]): HTMLElement {
  const links = sections.map((section) =>
    h('li', {}, h('a', { href: `#${section.id}` }, section.querySelector('h2')?.textContent ?? section.id)),
  );
  return h('nav', { 'aria-label': 'Contents' }, h('ul', {}, ...links));
}

function foot({ version, seed, made }: Report): HTMLElement {
  return h(
    'footer',
    {},
    `Made by densimeter on ${date(made)} with seed ${seed}. The same numbers, unrounded, are in report.json (layout ${version}).`,
  );
}
