/** The views of the page, in the order of their tabs. */
export const VIEWS = ['overview', 'explore', 'map', 'coverage', 'interventions', 'runs'] as const;
export type View = (typeof VIEWS)[number];

/** What stands on the vertical axis: what a run scored, or what an intervention gained (`gain:<name>`). */
export type Outcome = 'loss' | 'perplexity' | 'bits' | `gain:${string}`;

/** What tells points apart by colour. */
export const COLOURS = ['kind', 'source', 'document', 'leak', 'arm'] as const;
export type ColourBy = (typeof COLOURS)[number];

/** A part of the plane of log10 density (x) and loss in nats a token or gain (y): a rectangle, or a lasso of corners. */
export type Region =
  | { shape: 'box'; x: [number, number]; y: [number, number] }
  | { shape: 'lasso'; corners: [number, number][] };

/** What the page shows, all of it in the URL. Null stands for the default. */
export interface State {
  view: View;
  /** A query that is open over the view. */
  query: number | null;
  measurement: number | null;
  run: string | null;
  y: Outcome;
  colour: ColourBy;
  /** Kinds that are not drawn, in alphabetical order. */
  hidden: string[];
  /** A part of the text that queries must have. */
  text: string;
  region: Region | null;
  /** Corners on the map of that projection; queries within are selected, in all views. */
  lasso: { projection: string; corners: [number, number][] } | null;
  /** Points one by one, or how many lie in each hexagon. */
  marks: 'points' | 'hexagons';
  /** A running median beside the line. */
  smooth: boolean;
  /** Small charts, one for each colour. */
  facets: boolean;
  projection: string | null;
  /** A corpus whose share of the map's points is told against all others. */
  against: string | null;
  by: 'kind' | 'source' | 'document';
  intervention: string | null;
  report: string | null;
  covariate: string | null;
  model: string | null;
  /** Two runs compared. */
  pair: [string, string] | null;
  /** A text that is asked about. */
  ask: string;
}

export const DEFAULTS: State = {
  ...{ view: 'overview', query: null, measurement: null, run: null, y: 'loss', colour: 'kind', hidden: [] },
  ...{
    text: '',
    region: null,
    lasso: null,
    marks: 'points',
    smooth: false,
    facets: false,
    projection: null,
    against: null,
    by: 'kind',
  },
  ...{ intervention: null, report: null, covariate: null, model: null, pair: null, ask: '' },
};

/** Reads the state from a URL's query string; what it cannot read is as if it were not there. */
export function parseState(search: string): State {
  const given = new URLSearchParams(search);
  const text = (name: string) => given.get(name) || null;
  const one = <T extends string>(name: string, of: readonly T[], by: T) =>
    of.find((value) => value === given.get(name)) ?? by;
  const pair = given.getAll('pair');
  return {
    view: one('view', VIEWS, 'overview'),
    query: idOf(given.get('query')),
    measurement: idOf(given.get('measurement')),
    run: text('run'),
    y: outcomeOf(given.get('y')),
    colour: one('colour', COLOURS, 'kind'),
    hidden: [...new Set(given.getAll('hide'))].sort(),
    text: given.get('text') ?? '',
    region: regionOf(given.get('region')),
    lasso: lassoOf(given.get('lasso')),
    marks: one('marks', ['points', 'hexagons'], 'points'),
    smooth: given.has('smooth'),
    facets: given.has('facets'),
    projection: text('projection'),
    against: text('against'),
    by: one('by', ['kind', 'source', 'document'], 'kind'),
    intervention: text('intervention'),
    report: text('report'),
    covariate: text('covariate'),
    model: text('model'),
    pair: pair.length === 2 ? (pair as [string, string]) : null,
    ask: given.get('ask') ?? '',
  };
}

/** Writes the state as a query string; defaults are left out. */
export function formatState(state: State): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value === null || value === DEFAULTS[name as keyof State]) continue;
    if (name === 'hidden') for (const kind of state.hidden) written.append('hide', kind);
    else if (name === 'pair') for (const run of state.pair!) written.append('pair', run);
    else if (name === 'region') written.set('region', formatRegion(state.region!));
    else if (name === 'lasso') written.set('lasso', formatLasso(state.lasso!));
    else if (value === true) written.set(name, '');
    else written.set(name, String(value));
  }
  return written.size > 0 ? `?${written}` : '';
}

function idOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}

function outcomeOf(text: string | null): Outcome {
  if (text === 'perplexity' || text === 'bits') return text;
  return text?.startsWith('gain:') ? (text as Outcome) : 'loss';
}

const DIGITS = 4;

function formatRegion(region: Region): string {
  const numbers = region.shape === 'box' ? [...region.x, ...region.y] : region.corners.flat();
  return `${region.shape}:${numbers.map((value) => Number(value.toFixed(DIGITS))).join(',')}`;
}

function formatLasso({ projection, corners }: NonNullable<State['lasso']>): string {
  return `${corners
    .flat()
    .map((value) => Number(value.toFixed(DIGITS)))
    .join(',')}:${projection}`;
}

function lassoOf(text: string | null): State['lasso'] {
  const [, list, projection] = /^([^:]+):([\s\S]+)$/.exec(text ?? '') ?? [];
  const corners = cornersOf(list ?? '');
  return corners && projection ? { projection, corners } : null;
}

/** The corners of a polygon; null where the list is none. */
function cornersOf(list: string): [number, number][] | null {
  const numbers = list.split(',').map(Number);
  if (list === '' || !numbers.every(Number.isFinite) || numbers.length < 6 || numbers.length % 2 !== 0)
    return null;
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!]);
}

function regionOf(text: string | null): Region | null {
  const [shape, list = ''] = text?.split(':') ?? [];
  if (shape === 'lasso') {
    const corners = cornersOf(list);
    return corners && { shape, corners };
  }
  const numbers = list.split(',').map(Number);
  if (shape !== 'box' || list === '' || numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  const [x0, x1, y0, y1] = numbers as [number, number, number, number];
  return { shape, x: [x0, x1], y: [y0, y1] };
}
