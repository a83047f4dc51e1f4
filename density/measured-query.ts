import { group, sum } from 'd3';
import type { BandwidthDensity, MeasuredQuery, Share } from '../store/index.js';
import { type DensityEstimate, log10Of } from './estimate.js';
import { logDensityInBall } from './knn.js';

/** The points that a query was measured against. */
interface Among {
  points: number;
  dims: number;
}

/** An estimate as the catalogue keeps it: in log10, with shares by corpus too, and with comparison measures. */
export function measuredQuery(
  queryId: number,
  estimate: DensityEstimate,
  curve: readonly BandwidthDensity[],
  among: Among,
): MeasuredQuery {
  return {
    queryId,
    log10Density: log10Of(estimate.logDensity),
    log10Low: log10Of(estimate.interval[0]),
    log10High: log10Of(estimate.interval[1]),
    effectiveSamples: estimate.effectiveSamples,
    touched: estimate.touched,
    shares: sharesFrom(estimate),
    neighbours: estimate.neighbours,
    curve,
    controls: controlsFrom(estimate, among),
  };
}

function sharesFrom({ sources, documents }: DensityEstimate): Share[] {
  return [
    ...corpusShares(sources),
    ...sources.map(({ corpus, source, share, standardError }): Share => {
      return { level: 'source', corpus, label: source, share, standardError };
    }),
    ...documents.map(({ corpus, document, share }): Share => {
      return { level: 'document', corpus, label: document, share, standardError: 0 };
    }),
  ];
}

/**
 * Shares by corpus. As all shares add up to 1, a corpus's error is that of its own sources and that of all the others
 * alike: of the two, taken as independent, the smaller; for a single corpus it is 0.
 */
function corpusShares(sources: DensityEstimate['sources']): Share[] {
  const variance = (some: DensityEstimate['sources']) => sum(some, ({ standardError }) => standardError ** 2);
  return Array.from(
    group(sources, ({ corpus }) => corpus),
    ([corpus, own]): Share => {
      const others = sources.filter((one) => one.corpus !== corpus);
      const standardError = Math.sqrt(Math.min(variance(own), variance(others)));
      return { level: 'corpus', corpus, label: corpus, share: sum(own, ({ share }) => share), standardError };
    },
  );
}

/** From the neighbours that the estimator found, however many it was asked for. */
function controlsFrom({ neighbours }: DensityEstimate, { points, dims }: Among): MeasuredQuery['controls'] {
  const [nearest, farthest] = [neighbours[0], neighbours.at(-1)];
  if (!nearest || !farthest) return {};
  return {
    'nearest distance': nearest.distance,
    'knn log10 density': log10Of(logDensityInBall(neighbours.length, points, dims, farthest.distance)),
  };
}
