import type { Coverage, Support } from '../study/index.js';
import { aligned, percent, shortened, signed } from './terminal-text.js';

const LABEL = 16;
/** From which share on a cell is shaded how. */
const SHADES = [
  [0.75, '█'],
  [0.5, '▓'],
  [0.25, '▒'],
  [0.1, '░'],
] as const;

const WEIGHED = {
  queries: 'the mean of the shares of its queries (--weigh queries)',
  density: 'the share of the summed density of its queries (--weigh density)',
};

/** A coverage in words and tables, a string a line; `without` with what is left without each source. */
export function describeCoverage(coverage: Coverage, { without }: { without: boolean }): string[] {
  return [
    ...settingsOf(coverage),
    ...['', ...matrixOf(coverage)],
    ...(without ? ['', ...withoutOf(coverage)] : []),
    ...(coverage.leastSupported.length > 0 ? ['', ...leastOf(coverage)] : []),
    ...(coverage.documents.top.length > 0 ? ['', ...documentsOf(coverage)] : []),
  ];
}

function settingsOf({ measurement, querySet, matrix }: Coverage): string[] {
  const { id, name, kernel, bandwidth, bandwidthRule, estimator, points, corpora } = measurement;
  return [
    `Coverage of ${matrix.all.queries} queries of ${querySet} by ${corpora.join(', ')} (measurement ${id}, ${shortened(name, 40)})`,
    `${kernel} kernel, h = ${bandwidth} (${bandwidthRule}), ${estimator}, n = ${points} training points`,
  ];
}

function matrixOf(coverage: Coverage): string[] {
  const { by, weigh, matrix, measurement } = coverage;
  const { sources, others, all, subjects } = matrix;
  const folding = others.sources > 0;
  const points = [...sources, ...(folding ? [others] : [])].map((source) => source.points);
  const before = ['queries', 'q1', 'median', 'q3'];
  const blank = before.map(() => '');
  const headers = headersOf(coverage, before, folding ? [`${others.sources} others`] : []);
  const rowOf = (label: string, { queries, log10Density: { q1, median, q3 }, ...row }: Support) => [
    ...[label, String(queries), signed(q1), signed(median), signed(q3)],
    ...[...row.shares, ...(folding ? [row.others] : [])].map(shaded),
  ];
  return [
    `Share of the density by source: of every ${by}, ${WEIGHED[weigh]}; ░ from 10%, ▒ 25%, ▓ 50%, █ 75%`,
    `q1, median, q3: quartiles of log10 density over the queries; the least supported ${by} first`,
    ...aligned([
      ...headers.map(([first, ...rest]) => [first!, ...rest.slice(0, 4), ...rest.slice(4).map(spaced)]),
      ...subjects.map((row) => rowOf(shortened(row.subject, 2 * LABEL), row)),
      rowOf('all', all),
      ['training points', ...blank, ...points.map(String).map(spaced)],
      ['share of points', ...blank, ...points.map((count) => spaced(percent(count / measurement.points)))],
    ]),
  ];
}

function withoutOf(coverage: Coverage): string[] {
  const { matrix } = coverage;
  return [
    `Without a source: the median over the queries of what log10 density would change by if its points were left out (+: the others are denser there)`,
    ...aligned([
      ...headersOf(coverage),
      ...matrix.subjects.map(({ subject, without }) => [
        shortened(subject, 2 * LABEL),
        ...without.map(signed),
      ]),
      ['all', ...matrix.all.without.map(signed)],
    ]),
  ];
}

function leastOf({ leastSupported, measurement, by }: Coverage): string[] {
  const calibrated = leastSupported[0]!.percentile !== null;
  const { corpora, kernel, bandwidth } = measurement;
  const hint = `densimeter calibrate ${corpora.join(',')} --kernel ${kernel} --bandwidth ${bandwidth}`;
  return [
    `Least supported queries: log10 density, ${calibrated ? 'training points that are less dense, ' : ''}${by}, query, its top source; and the nearest training text`,
    ...(calibrated ? [] : [`(to read them against the training data itself: ${hint})`]),
    ...aligned(
      leastSupported.map(
        ({ log10Density, percentile, subject, key, topSource: { corpus, source, share } }) => [
          signed(log10Density),
          ...(percentile === null ? [] : [percent(percentile)]),
          ...[shortened(subject, LABEL), shortened(key, 40)],
          `${percent(share)} ${shortened(`${corpus}/${source}`, 40)}`,
        ],
      ),
      calibrated ? [2, 3, 4] : [1, 2, 3],
    ).flatMap((line, i) => [`  ${line}`, ...nearestOf(leastSupported[i]!)]),
  ];
}

function nearestOf({ text, nearest }: Coverage['leastSupported'][number]): string[] {
  return [
    `      ${shortened(text)}`,
    ...(nearest
      ? [
          `      distance ${nearest.distance.toFixed(3)} from ${shortened(`${nearest.corpus}/${nearest.document}`, 40)}: ${shortened(nearest.text, 80)}`,
        ]
      : []),
  ];
}

function documentsOf({ documents: { kept, share, top }, weigh }: Coverage): string[] {
  const counted = weigh === 'queries' ? 'mean share' : 'share of the summed density';
  return [
    `Documents that support the set most: ${counted} of all queries, cumulative, queries that it leads`,
    `For every query the documents that hold most were kept, ${kept} in all; they hold ${percent(share)}, and a document at least what is said here`,
    ...aligned(
      top.map(({ corpus, document, share: held, cumulative, leads }) => [
        ...[percent(held), percent(cumulative), String(leads), shortened(`${corpus}/${document}`, 60)],
      ]),
      [3],
    ).map((line) => `  ${line}`),
  ];
}

/** The rows above a table: the names of its columns, and above those of sources their corpora where there are several. */
function headersOf(
  { by, matrix, measurement: { corpora } }: Coverage,
  before: string[] = [],
  after: string[] = [],
) {
  const names = [by, ...before, ...matrix.sources.map(({ source }) => shortened(source, LABEL)), ...after];
  if (corpora.length === 1) return [names];
  const above = matrix.sources.map(({ corpus }) => shortened(corpus, LABEL));
  return [['', ...before.map(() => ''), ...above, ...after.map(() => '')], names];
}

function shaded(share: number): string {
  const shade = SHADES.find(([from]) => share >= from)?.[1] ?? ' ';
  return `${percent(share)}${shade}`;
}

/** In line with numbers that have a shade behind them. */
const spaced = (text: string) => `${text} `;
