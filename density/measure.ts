import { randomLcg, shuffler } from 'd3';
import {
  type MeasuredQuery,
  type Measurement,
  type OnProgress,
  type Query,
  queriesOf,
  querySetNamed,
  readQueryVectors,
  replaceMeasurement,
  type Share,
  type Study,
} from '../store/index.js';
import { chooseBandwidth } from './bandwidth.js';
import { type DensityEstimate, log10Of } from './estimate.js';
import type { KernelName } from './kernels.js';
import { exactDensityInParallel } from './parallel.js';
import { countPoints, openPoints } from './points.js';

/** What to measure, and under which name the catalogue keeps it. */
export interface MeasureOptions {
  name: string;
  querySet: string;
  corpora: readonly string[];
  kernel: KernelName;
  /** A number, or the effective sample size that the median query is to rest on. */
  bandwidth: { value: number; rule: string } | { effectiveSamples: number };
  /** Nearest training texts, and documents, to keep for every query. */
  neighbours: number;
  documents: number;
  seed: number;
  onProgress?: OnProgress;
}

/** Queries that an automatic bandwidth is chosen on. */
const BANDWIDTH_SAMPLE = 64;

/**
 * Measures the density of the corpora at every query of a set and stores it in the catalogue.
 *
 * @throws UsageError for a query set or corpus that is not there
 * @throws DataError where the corpora and the queries were embedded by different embedders
 */
export async function measure(study: Study, options: MeasureOptions): Promise<Measurement> {
  const set = querySetNamed(study.db, options.querySet);
  const queries = queriesOf(study.db, set.id);
  const vectors = readQueryVectors(study, set.name, queries.length);
  const points = openPoints(study, options.corpora, set);
  try {
    const { kernel } = options;
    const { bandwidth, rule } =
      'value' in options.bandwidth
        ? { bandwidth: options.bandwidth.value, rule: options.bandwidth.rule }
        : await chooseBandwidth(sampleRows(vectors, set.dims, BANDWIDTH_SAMPLE, options.seed), points, {
            kernel,
            effectiveSamples: options.bandwidth.effectiveSamples,
          });
    const { neighbours, documents, onProgress } = options;
    const estimates = await exactDensityInParallel(vectors, points, {
      kernel,
      bandwidth,
      neighbours,
      documents,
      ...(onProgress && { onProgress }),
    });
    return replaceMeasurement(
      study.db,
      {
        name: options.name,
        querySetId: set.id,
        corpora: [...options.corpora],
        kernel,
        bandwidth,
        bandwidthRule: rule,
        estimator: 'exact',
        points: countPoints(points),
      },
      queries.map((query, q) => measured(query, estimates[q]!)),
    );
  } finally {
    for (const { reader } of points) reader.close();
  }
}

function sampleRows(vectors: Float32Array, dims: number, count: number, seed: number): Float32Array {
  const rows = Array.from({ length: vectors.length / dims }, (_, row) => row);
  const drawn = shuffler(randomLcg(seed))(rows).slice(0, count);
  const sample = new Float32Array(drawn.length * dims);
  drawn.forEach((row, i) => {
    sample.set(vectors.subarray(row * dims, (row + 1) * dims), i * dims);
  });
  return sample;
}

function measured(query: Query, estimate: DensityEstimate): MeasuredQuery {
  return {
    queryId: query.id,
    log10Density: log10Of(estimate.logDensity),
    log10Low: log10Of(estimate.interval[0]),
    log10High: log10Of(estimate.interval[1]),
    effectiveSamples: estimate.effectiveSamples,
    touched: estimate.touched,
    shares: sharesFrom(estimate),
    neighbours: estimate.neighbours,
  };
}

function sharesFrom({ sources, documents }: DensityEstimate): Share[] {
  const corpora = new Map<string, number>();
  for (const { corpus, share } of sources) corpora.set(corpus, (corpora.get(corpus) ?? 0) + share);
  return [
    ...Array.from(corpora, ([corpus, share]): Share => ({ level: 'corpus', corpus, label: corpus, share })),
    ...sources.map(({ corpus, source, share }): Share => ({ level: 'source', corpus, label: source, share })),
    ...documents.map(
      ({ corpus, document, share }): Share => ({ level: 'document', corpus, label: document, share }),
    ),
  ];
}
