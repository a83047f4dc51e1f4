import { DataError, type Measurement, type Study } from '../../store/index.js';
import { type SupportingDocuments, supportingDocuments } from './documents.js';
import { type LeastSupported, leastSupported } from './least-supported.js';
import { type CoverageMatrix, coverageMatrix } from './matrix.js';
import { readMeasuredSet } from './measured-set.js';
import { type SubjectField, tellingField } from './subjects.js';
import type { Weighing } from './weights.js';

/** What to say of a measured query set, and how much. */
export interface CoverageOptions {
  /** By default the kind of the queries where there are several, else their source. */
  by?: SubjectField | undefined;
  weigh: Weighing;
  /** Most sources that get a column. */
  sources: number;
  /** Least supported queries to name. */
  least: number;
  /** Documents to name. */
  documents: number;
}

/** What the training data covers of a query set: which sources and documents support which subjects, and what is not. */
export interface Coverage {
  measurement: Measurement;
  querySet: string;
  by: SubjectField;
  weigh: Weighing;
  matrix: CoverageMatrix;
  /** The least supported first. */
  leastSupported: LeastSupported[];
  documents: SupportingDocuments;
}

/**
 * The query-set view of attribution, from what a measurement keeps in the catalogue; nothing is computed anew.
 *
 * @throws DataError where the corpora have changed since, or the query set is empty
 */
export function coverageOf(study: Study, measurement: Measurement, options: CoverageOptions): Coverage {
  const set = readMeasuredSet(study, measurement);
  const { queries, querySet } = set;
  if (queries.length === 0) throw new DataError(`Query set "${querySet}" has no query that was measured.`);
  const { by = tellingField(queries), weigh, sources, least, documents } = options;
  return {
    ...{ measurement, querySet, by, weigh },
    matrix: coverageMatrix(set, { by, weigh, sources }),
    leastSupported: leastSupported(study, set, by, least),
    documents: supportingDocuments(queries, weigh, documents),
  };
}
