import type { Query, Share } from '../../../client/index.js';
import { button, element, foreign } from '../element.js';
import { type KindMark, swatch } from '../kind-marks.js';
import { densityFigure, type Rank } from './density-figure.js';
import { nearestTexts } from './nearest-texts.js';
import { outcomeTable } from './outcome-table.js';
import { shareBars } from './share-bars.js';

const TOP_SOURCES = 8;
const TOP_DOCUMENTS = 5;

/** What the panel of a selected query shows beside the query itself. */
export interface QueryPanelModel {
  query: Query;
  mark: KindMark | undefined;
  run: string | null;
  rank: Rank | null;
}

/** Shows a query: its text, density, outcomes, and what its density comes from. */
export function showQuery(root: HTMLElement, model: QueryPanelModel, onClose: () => void): void {
  const { query, mark, run, rank } = model;
  const { kind, source, document, text, density, shares, neighbours, outcomes } = query;
  root.replaceChildren(
    element(
      'header',
      {},
      element('h2', {}, swatch(mark), ' ', foreign(kind), ' · ', foreign(source)),
      button({ class: 'quiet', 'aria-label': 'Close the query' }, onClose, 'Close'),
    ),
    element('p', { class: 'muted' }, foreign(document)),
    element('p', { class: 'query-text', dir: 'auto', tabindex: 0, 'aria-label': 'Text of the query' }, text),
    section('Density', density ? densityFigure(density, rank) : note('This query has not been measured.')),
    section(
      'Outcomes',
      outcomes.length > 0 ? outcomeTable(outcomes, run) : note('No run scored this query.'),
    ),
    ...sharesSection('Share of density by corpus', shares.corpus, TOP_SOURCES, 'corpus', 1),
    ...sharesSection('Share of density by source', shares.source, TOP_SOURCES, 'source', 0),
    ...sharesSection('Share of density by document', shares.document, TOP_DOCUMENTS, 'document', 0),
    ...(neighbours.length > 0 ? [section('Nearest training texts', nearestTexts(neighbours))] : []),
  );
}

/** Shows that a query could not be had. */
export function showQueryError(root: HTMLElement, error: unknown, onClose: () => void): void {
  root.replaceChildren(
    element(
      'header',
      {},
      element('h2', {}, 'This query cannot be shown'),
      button({ class: 'quiet', 'aria-label': 'Close the query' }, onClose, 'Close'),
    ),
    note(error instanceof Error ? error.message : String(error)),
  );
}

/** A section of bars, left out where there are no more than `trivial` shares. */
function sharesSection(
  title: string,
  shares: readonly Share[],
  top: number,
  level: string,
  trivial: number,
): HTMLElement[] {
  return shares.length > trivial ? [section(title, shareBars(shares, top, level))] : [];
}

function section(title: string, ...content: HTMLElement[]): HTMLElement {
  return element('section', {}, element('h3', {}, title), ...content);
}

function note(text: string): HTMLElement {
  return element('p', { class: 'hint' }, text);
}
