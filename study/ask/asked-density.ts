import { cumsum } from 'd3';
import { type DensityEstimate, log10Of, type Points } from '../../density/index.js';
import {
  type BandwidthDensity,
  type Calibration,
  chunkAt,
  listCorpora,
  percentileIn,
  type Study,
} from '../../store/index.js';
import { changesWithout } from '../coverage/index.js';
import type { DensityViews } from './views.js';

/** A training text near a query. */
export interface NearText {
  corpus: string;
  source: string;
  document: string;
  text: string;
  /** On the unit sphere, 0 to 2. */
  distance: number;
  /** Of the query's density. */
  share: number;
}

/** The density of one text or vector, with what it rests on. */
export interface AskedDensity extends DensityViews {
  /** Null where a vector was asked about. */
  text: string | null;
  log10Density: number;
  /** 95 % interval. */
  log10Low: number;
  log10High: number;
  /** Share of the training points that were looked at. */
  touched: number;
  /** (Σk)²/Σk². */
  effectiveSamples: number;
  /** Share of the sampled training points that are less dense; undefined without a calibration at this bandwidth. */
  percentile: number | undefined;
  /** Largest first, with the share's standard error and what log10 density would change by without the source. */
  sources: { corpus: string; source: string; share: number; standardError: number; without: number }[];
  /** At the other bandwidths asked for, smallest first. */
  curve: BandwidthDensity[];
  /** Where it is in the projection asked for; null without one. */
  place: [x: number, y: number] | null;
  /** Those that hold most of the density, largest share first; `cumulative` adds up the shares so far. */
  documents: { corpus: string; document: string; share: number; cumulative: number }[];
  neighbours: NearText[];
}

/** What estimates are read against. */
interface Against {
  /** Points by source, of `rowsBySource`. */
  rows: ReadonlyMap<string, number>;
  calibration: Calibration | undefined;
}

/** How many points each source of each corpus has. */
export function rowsBySource(points: readonly Points[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (const { corpus, documents, documentOfRow } of points) {
    const ofDocument = new Int32Array(documents.length);
    for (const document of documentOfRow) ofDocument[document]!++;
    documents.forEach(({ source }, document) => {
      const key = keyOf(corpus, source);
      rows.set(key, (rows.get(key) ?? 0) + ofDocument[document]!);
    });
  }
  return rows;
}

/** Estimates in log10, with names and texts from the catalogue. */
export function describeEstimates(
  { db }: Study,
  estimates: readonly DensityEstimate[],
  { rows, calibration }: Against,
): Omit<AskedDensity, 'text' | 'curve' | 'place' | keyof DensityViews>[] {
  const names = new Map(listCorpora(db).map(({ id, name }) => [id, name]));
  const points = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return estimates.map((estimate) => {
    const { logDensity, interval, touched, effectiveSamples, sources, documents, neighbours } = estimate;
    const log10Density = log10Of(logDensity);
    const without = changesWithout(
      sources.map(({ share }) => share),
      sources.map(({ corpus, source }) => rows.get(keyOf(corpus, source))!),
      points,
    );
    const cumulative = cumsum(documents, ({ share }) => share);
    return {
      ...{ log10Density, log10Low: log10Of(interval[0]), log10High: log10Of(interval[1]) },
      ...{ touched, effectiveSamples },
      percentile: calibration && percentileIn(calibration, log10Density),
      sources: sources.map(({ corpus, source, share, standardError }, s) => {
        return { corpus, source, share, standardError, without: without[s]! };
      }),
      documents: documents.map(({ corpus, document, share }, d) => {
        return { corpus, document, share, cumulative: cumulative[d]! };
      }),
      neighbours: neighbours.map(({ corpusId, row, distance, share }) => {
        const { document, source, text } = chunkAt(db, corpusId, row)!;
        return { corpus: names.get(corpusId)!, source, document, text, distance, share };
      }),
    };
  });
}

function keyOf(corpus: string, source: string): string {
  return `${corpus}\n${source}`;
}
