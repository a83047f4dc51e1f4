import { ascending, max, mean, median, quantileSorted, rollups } from 'd3';
import {
  bandwidthDensitiesOf,
  densitiesOf,
  type Measurement,
  queriesOf,
  type Study,
  topSharesOf,
} from '../store/index.js';
import { boundWords, intervalWords, log10, type PrintedDensity, touchedWords } from './density-words.js';
import { percent } from './terminal-text.js';

/** What is said of a measurement, on the terminal and as JSON. */
export interface MeasurementSummary {
  measurement: Measurement;
  queries: number;
  /** Of log10 density. */
  quartiles: number[];
  /** Mean share of the points looked at. */
  touched: number;
  /** Half the width of the median query's 95 % interval, in log10. */
  medianHalfWidth: number;
  leastSupported: ({ key: string; text: string } & PrintedDensity)[];
  /** The median over queries of the share of the density that the nearest points hold. */
  tops: { top: number; k: number; medianShare: number }[];
  /** At other bandwidths: the median query's log10 density, and what no query's is off by more than. */
  curve: { bandwidth: number; medianLog10Density: number; errorBound: number }[];
}

const LEAST_SHOWN = 3;

/** The quartiles of a measurement, the queries that have the least support, and density against bandwidth. */
export function summarise({ db }: Study, measurement: Measurement): MeasurementSummary {
  const { id, querySetId } = measurement;
  const densities = densitiesOf(db, id);
  const queries = queriesOf(db, querySetId)
    .map(({ key, text, id: query }) => {
      const { log10Density, log10Low, log10High, touched } = densities.get(query)!;
      return { key, text, log10Density, log10Low, log10High, touched };
    })
    .sort((a, b) => ascending(a.log10Density, b.log10Density));
  const sorted = queries.map(({ log10Density }) => log10Density);
  const curves = [...densities.keys()].flatMap((query) => bandwidthDensitiesOf(db, id, query));
  return {
    measurement,
    queries: queries.length,
    quartiles: [0.25, 0.5, 0.75].map((share) => quantileSorted(sorted, share)!),
    touched: mean(queries, ({ touched }) => touched)!,
    medianHalfWidth: median(queries, ({ log10Low, log10High }) => (log10High - log10Low) / 2)!,
    leastSupported: queries.slice(0, LEAST_SHOWN),
    tops: rollups(
      [...densities.keys()].flatMap((query) => topSharesOf(db, id, query)),
      (of) => ({ k: of[0]!.k, medianShare: median(of, ({ share }) => share)! }),
      ({ top }) => top,
    ).map(([top, values]) => ({ top, ...values })),
    curve: rollups(
      curves,
      (at) => ({
        medianLog10Density: median(at, ({ log10Density }) => log10Density)!,
        errorBound: max(at, ({ errorBound }) => errorBound)!,
      }),
      ({ bandwidth }) => bandwidth,
    ).map(([bandwidth, values]) => ({ bandwidth, ...values })),
  };
}

/** A summary as lines for the terminal. */
export function describeMeasurement(summary: MeasurementSummary): string {
  const { measurement, queries, quartiles, touched, medianHalfWidth, leastSupported, tops, curve } = summary;
  const { kernel, bandwidth, bandwidthRule, estimator, estimatorRule, points, corpora } = measurement;
  const [low, middle, high] = quartiles.map(log10);
  const interval = medianHalfWidth === 0 ? '±0' : `±${medianHalfWidth.toPrecision(2)} for the median query`;
  return [
    `${kernel} kernel, h = ${bandwidth} (${bandwidthRule}), n = ${points} points of ${corpora.join(', ')}:`,
    `  log10 density of ${queries} queries: median ${middle}, quartiles ${low} and ${high}`,
    `  ${estimator} (${estimatorRule}), interval ${interval}, ${touchedWords(touched)}`,
    '  least supported:',
    ...leastSupported.map((one) => `    ${log10(one.log10Density)} (${intervalWords(one)})  ${one.key}`),
    ...(tops.length > 0 ? [`  the nearest points hold, of the median density: ${topWords(tops)}`] : []),
    ...(curve.length > 0 ? ['  median log10 density at other bandwidths:'] : []),
    ...curve.map(
      ({ bandwidth: h, medianLog10Density, errorBound }) =>
        `    h = ${Number(h.toPrecision(4))}  ${log10(medianLog10Density)}${boundWords(errorBound)}`,
    ),
  ].join('\n');
}

function topWords(tops: MeasurementSummary['tops']): string {
  return tops
    .map(({ top, k, medianShare }) => {
      const points = top < 1 ? `${100 * top}% (${k.toLocaleString('en')})` : top.toLocaleString('en');
      return `${points} ${percent(medianShare)}`;
    })
    .join(', ');
}
