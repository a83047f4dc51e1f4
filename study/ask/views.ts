import {
  type Concentration,
  type KernelName,
  log10Of,
  NOISE_ALPHA,
  NOISE_DRAWS,
  noiseBand,
  type Points,
  topKShares,
} from '../../density/index.js';
import type { Embedder } from '../../indexer/index.js';
import { UsageError } from '../../store/index.js';

/** Which views of the densities to take. */
export interface ViewOptions {
  /** How much of the density the nearest points hold. */
  top?: boolean | undefined;
  /** How stable the density is under noise on the embedding: with this α, or for `true` NEFTune's. */
  noise?: number | true | undefined;
}

/** How far noise on a text's embedding moves its density, by `noiseBand`. */
export interface TextNoise {
  alpha: number;
  draws: number;
  /** Of the text, as far as the embedder looks at them. */
  tokens: number;
  /** Mean and standard deviation of log10 density over the draws, and their 5 % and 95 % quantiles. */
  log10Mean: number;
  log10Deviation: number;
  log10Low: number;
  log10High: number;
}

/** The views of one text's density that were asked for. */
export interface DensityViews {
  top?: Concentration;
  noise?: TextNoise;
}

/** Texts, and what counts their tokens. */
export interface AskedTexts {
  texts: readonly string[];
  embedder: Pick<Embedder, 'countTokens' | 'maxTokens'>;
}

/**
 * Takes the views that are asked for of the exact densities, each in a pass of its own over all points.
 *
 * @param vectors `(queries, dims)` row-major unit vectors
 * @param asText the texts that they are of, where they are of texts
 * @returns one element a query
 * @throws UsageError for noise where there are no texts
 */
export async function viewsOf(
  vectors: Float32Array,
  points: readonly Points[],
  asText: AskedTexts | undefined,
  options: ViewOptions & { kernel: KernelName; bandwidth: number; seed: number },
): Promise<DensityViews[]> {
  const { kernel, bandwidth, seed } = options;
  const [concentrations] = options.top
    ? await topKShares(vectors, points, { kernels: [kernel], bandwidths: [bandwidth] })
    : [];
  const alpha = options.noise === true ? NOISE_ALPHA : options.noise;
  const tokens = alpha === undefined ? undefined : countTokens(asText);
  const noise = { kernel, bandwidth, draws: NOISE_DRAWS, seed, ...(alpha !== undefined && { alpha }) };
  const bands = tokens && (await noiseBand(vectors, tokens, points, noise));
  return Array.from({ length: vectors.length / points[0]!.reader.dims }, (_, i): DensityViews => {
    const [top, band] = [concentrations?.queries[i], bands?.[i]];
    return {
      ...(top && { top }),
      ...(band && {
        noise: {
          ...{ alpha: alpha!, draws: NOISE_DRAWS, tokens: tokens![i]! },
          log10Mean: log10Of(band.mean),
          log10Deviation: log10Of(band.deviation),
          log10Low: log10Of(band.low),
          log10High: log10Of(band.high),
        },
      }),
    };
  });
}

function countTokens(asText: AskedTexts | undefined): Int32Array {
  if (!asText) throw new UsageError('Noise is scaled by the tokens of a text: ask with texts, not vectors.');
  const { texts, embedder } = asText;
  return Int32Array.from(texts, (text) => {
    return Math.min(embedder.maxTokens, Math.max(1, embedder.countTokens(text)));
  });
}
