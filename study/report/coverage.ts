import { DataError, type Measurement, type Study } from '../../store/index.js';
import { type Coverage, type CoverageOptions, coverageOf } from '../coverage/index.js';

/** Which sources support which subjects: a part of a report. */
export interface ReportCoverage {
  /** What a subject is. */
  by: string;
  /** Columns, the largest first; the others are folded into one. */
  sources: { corpus: string; source: string; points: number }[];
  others: number;
  /** Mean share of the density by source, over all queries. */
  shares: number[];
  /** Rows, the least supported first: mean shares of their queries' density. */
  subjects: {
    subject: string;
    queries: number;
    medianLog10Density: number;
    shares: number[];
    others: number;
  }[];
}

const SOURCES = 10;

/** The coverage of a measured query set; null where its corpora have changed since, or it keeps no shares. */
export function reportCoverage(study: Study, measurement: Measurement): ReportCoverage | null {
  if (measurement.kernel === 'laplacian') return null;
  const options = { weigh: 'queries', sources: SOURCES, least: 0, documents: 0 } as const;
  const coverage = coverageIfThere(study, measurement, options);
  if (!coverage) return null;
  const { by, matrix } = coverage;
  return {
    by,
    sources: matrix.sources.map(({ corpus, source, points }) => ({ corpus, source, points })),
    others: matrix.others.sources,
    shares: matrix.all.shares,
    subjects: matrix.subjects.map(({ subject, queries, log10Density: { median }, shares, others }) => ({
      ...{ subject, queries, medianLog10Density: median, shares, others },
    })),
  };
}

function coverageIfThere(study: Study, measurement: Measurement, options: CoverageOptions): Coverage | null {
  try {
    return coverageOf(study, measurement, options);
  } catch (error) {
    if (error instanceof DataError) return null;
    throw error;
  }
}
