/** What the vertical axis shows. */
export type Scale = 'loss' | 'perplexity';

/** What the page shows, all of it in the URL. Null stands for the API's default. */
export interface ViewState {
  measurement: number | null;
  run: string | null;
  y: Scale;
  /** Kinds that are not drawn, in alphabetical order. */
  hidden: string[];
  /** The selected query. */
  query: number | null;
}

/** Reads the state from a URL's query string; what it cannot read is as if it were not there. */
export function parseState(search: string): ViewState {
  const given = new URLSearchParams(search);
  return {
    measurement: idOf(given.get('measurement')),
    run: given.get('run') || null,
    y: given.get('y') === 'perplexity' ? 'perplexity' : 'loss',
    hidden: [...new Set(given.getAll('hide'))].sort(),
    query: idOf(given.get('query')),
  };
}

/** Writes the state as a query string; defaults are left out. */
export function formatState({ measurement, run, y, hidden, query }: ViewState): string {
  const written = new URLSearchParams();
  if (measurement !== null) written.set('measurement', String(measurement));
  if (run !== null) written.set('run', run);
  if (y !== 'loss') written.set('y', y);
  for (const kind of hidden) written.append('hide', kind);
  if (query !== null) written.set('query', String(query));
  return written.size > 0 ? `?${written}` : '';
}

function idOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}
