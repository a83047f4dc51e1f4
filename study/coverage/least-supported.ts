import { ascending, greatestIndex } from 'd3';
import {
  type Calibration,
  calibrationOf,
  chunkAt,
  corpusByName,
  type Measurement,
  type Neighbour,
  neighboursOf,
  percentileIn,
  type Study,
} from '../../store/index.js';
import type { MeasuredSet } from './measured-set.js';
import { type SubjectField, subjectOf } from './subjects.js';

/** A query that the training data says little about. */
export interface LeastSupported {
  id: number;
  key: string;
  subject: string;
  text: string;
  log10Density: number;
  /** Share of the sampled training points that are less dense; null without a calibration at this bandwidth. */
  percentile: number | null;
  /** The source that holds most of what density there is. */
  topSource: { corpus: string; source: string; share: number };
  /** The nearest training text; null where none was kept. */
  nearest: { corpus: string; source: string; document: string; text: string; distance: number } | null;
}

/** The queries of the least density, the least first. */
export function leastSupported(
  study: Study,
  { measurement, queries, sources }: MeasuredSet,
  by: SubjectField,
  limit: number,
): LeastSupported[] {
  const { db } = study;
  const calibration = calibrationAt(study, measurement);
  const corpora = new Map(measurement.corpora.map((name) => [corpusByName(db, name)!.id, name]));
  return [...queries]
    .sort((a, b) => ascending(a.log10Density, b.log10Density))
    .slice(0, limit)
    .map((query) => {
      const { id, key, text, log10Density, shares } = query;
      const top = greatestIndex(shares)!;
      const { corpus, source } = sources[top]!;
      return {
        ...{ id, key, subject: subjectOf(query, by), text, log10Density },
        percentile: calibration ? percentileIn(calibration, log10Density) : null,
        topSource: { corpus, source, share: shares[top]! },
        nearest: nearestText(study, neighboursOf(db, measurement.id, id)[0], corpora),
      };
    });
}

/** The calibration of what was measured, or undefined. */
function calibrationAt({ db }: Study, { corpora, kernel, bandwidth }: Measurement): Calibration | undefined {
  const calibration = calibrationOf(db, corpora, kernel);
  return calibration?.bandwidth === bandwidth ? calibration : undefined;
}

function nearestText(
  { db }: Study,
  near: Neighbour | undefined,
  corpora: ReadonlyMap<number, string>,
): LeastSupported['nearest'] {
  const chunk = near && chunkAt(db, near.corpusId, near.row);
  if (!chunk) return null;
  const { source, document, text } = chunk;
  return { corpus: corpora.get(near.corpusId)!, source, document, text, distance: near.distance };
}
