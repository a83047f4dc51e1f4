import t from '@stdlib/stats-base-dists-t';
import { cross, deviation, mean, randomInt, randomLcg } from 'd3';
import { sampleRankCorrelation } from 'simple-statistics';
import { chooseBandwidth, exactDensity, type KernelName, log10Of, type Points } from '../../density/index.js';
import type { Embedder } from '../../indexer/index.js';
import { additionProblems } from './addition-problems.js';

/** The size of the study. */
export interface LengthStudy {
  /** Training problems, with operands of 1 to `trainedDigits` digits, each operand's length drawn by itself. */
  problems: number;
  trainedDigits: number;
  /** Lengths that both operands of a query have, digits. */
  lengths: readonly number[];
  queriesPerLength: number;
  kernel: KernelName;
  /** The bandwidth is that at which the median of 200 fresh problems like the training ones rests on so many points. */
  effectiveSamples: number;
  seed: number;
}

/** Mean log10 density of the queries of one length, with its 95% interval by t, and how it stands to the trained. */
export interface LengthDensity {
  digits: number;
  mean: number;
  low: number;
  high: number;
  /** Share of the pairs of a query of this length and one of `trainedDigits` in which this one is less dense. */
  below: number;
}

/** What one embedder says of the lengths. */
export interface LengthCurve {
  embedder: string;
  bandwidth: number;
  rule: string;
  rows: LengthDensity[];
  /** Spearman's correlation of length and log10 density over lengths from `trainedDigits`: of means, of queries. */
  spearman: { ofMeans: number; ofQueries: number };
  /** The first length whose queries have more tokens in the mean than the embedder looks at, if there is one. */
  truncatedFrom: number | undefined;
}

const BANDWIDTH_SAMPLE = 200;

/** The density of addition problems by the length of their operands, among problems of up to `trainedDigits` digits. */
export async function densityByLength(embedder: Embedder, study: LengthStudy): Promise<LengthCurve> {
  const { lengths, queriesPerLength, kernel, trainedDigits } = study;
  const random = randomLcg(study.seed);
  const problem = additionProblems(random);
  const trainedLength = randomInt.source(random)(1, trainedDigits + 1);
  const trained = () => problem(trainedLength(), trainedLength());
  const training = Array.from({ length: study.problems }, trained);
  const sample = Array.from({ length: BANDWIDTH_SAMPLE }, trained);
  const queries = lengths.flatMap((digits) =>
    Array.from({ length: queriesPerLength }, () => problem(digits, digits)),
  );

  const queriesOf = (i: number) => queries.slice(i * queriesPerLength, (i + 1) * queriesPerLength);
  const points = [pointsOf((await embedder.embed(training)).vectors, embedder.dims)];
  const sampled = (await embedder.embed(sample, 'query')).vectors;
  const { bandwidth, rule } = await chooseBandwidth(sampled, points, study);
  const { vectors } = await embedder.embed(queries, 'query');
  const estimates = await exactDensity(vectors, points, { kernel, bandwidth, attribution: false });
  const densities = estimates.map(({ logDensity }) => log10Of(logDensity));
  const densitiesOf = (i: number) => densities.slice(i * queriesPerLength, (i + 1) * queriesPerLength);
  const longestTrained = densitiesOf(lengths.indexOf(trainedDigits));
  const rows = lengths.map((digits, i) => ({
    digits,
    ...interval(densitiesOf(i)),
    below: shareBelow(densitiesOf(i), longestTrained),
  }));
  const beyond = [...lengths.keys()].filter((i) => lengths[i]! >= trainedDigits);
  return {
    embedder: embedder.name,
    bandwidth,
    rule,
    rows,
    spearman: {
      ofMeans: sampleRankCorrelation(
        beyond.map((i) => lengths[i]!),
        beyond.map((i) => rows[i]!.mean),
      ),
      ofQueries: sampleRankCorrelation(
        beyond.flatMap((i) => densitiesOf(i).map(() => lengths[i]!)),
        beyond.flatMap(densitiesOf),
      ),
    },
    truncatedFrom: lengths.find(
      (_, i) => mean(queriesOf(i), (text) => embedder.countTokens(text))! > embedder.maxTokens,
    ),
  };
}

function interval(values: readonly number[]): { mean: number; low: number; high: number } {
  const centre = mean(values)!;
  const half = (t.quantile(0.975, values.length - 1) * deviation(values)!) / Math.sqrt(values.length);
  return { mean: centre, low: centre - half, high: centre + half };
}

/** The area under the ROC curve: pairs in which the first is less, ties counting half. */
function shareBelow(values: readonly number[], others: readonly number[]): number {
  return mean(cross(values, others, (a, b) => (a < b ? 1 : a === b ? 0.5 : 0)))!;
}

/** Training points in memory, all of one document. */
function pointsOf(vectors: Float32Array, dims: number): Points {
  const rows = vectors.length / dims;
  return {
    corpusId: 1,
    corpus: 'addition',
    documents: [{ key: 'addition', source: 'addition' }],
    documentOfRow: new Int32Array(rows),
    reader: {
      dims,
      rows,
      read: (first, count, into) => into.set(vectors.subarray(first * dims, (first + count) * dims)),
      close: () => {},
    },
  };
}
