import { csvFormatRows } from 'd3';
import type { Coverage } from './coverage.js';
import type { Support } from './matrix.js';

/** CSV texts by the names of their files. */
export type CoverageTables = Record<
  'matrix.csv' | 'without.csv' | 'least-supported.csv' | 'documents.csv',
  string
>;

/** The row of the matrix that is about all queries. */
const ALL = '(all)';

/** A coverage as CSV files: shares by subject and source, what is left without each source, queries and documents. */
export function coverageTables({ matrix, by, leastSupported, documents }: Coverage): CoverageTables {
  const { sources, others, all, subjects } = matrix;
  const columns = sources.map(({ corpus, source }) => `${corpus}/${source}`);
  const rows = [...subjects, { subject: ALL, ...all }];
  const startOf = ({ subject, queries, log10Density: { q1, median, q3 } }: { subject: string } & Support) => [
    subject,
    ...[queries, q1, median, q3].map(String),
  ];
  const start = [by, 'queries', 'log10_density_q1', 'log10_density_median', 'log10_density_q3'];
  return {
    'matrix.csv': csvFormatRows([
      [...start, ...columns, `others (${others.sources})`],
      ...rows.map((row) => [...startOf(row), ...row.shares.map(String), String(row.others)]),
    ]),
    'without.csv': csvFormatRows([
      [...start, ...columns],
      ...rows.map((row) => [...startOf(row), ...row.without.map(String)]),
    ]),
    'least-supported.csv': csvFormatRows([
      [
        ...['key', by, 'log10_density', 'percentile', 'top_corpus', 'top_source', 'top_source_share'],
        ...['nearest_corpus', 'nearest_document', 'nearest_distance', 'nearest_text', 'text'],
      ],
      ...leastSupported.map(({ key, subject, log10Density, percentile, topSource, nearest, text }) => [
        ...[key, subject, String(log10Density), percentile === null ? '' : String(percentile)],
        ...[topSource.corpus, topSource.source, String(topSource.share)],
        ...(nearest
          ? [nearest.corpus, nearest.document, String(nearest.distance), nearest.text]
          : ['', '', '', '']),
        text,
      ]),
    ]),
    'documents.csv': csvFormatRows([
      ['corpus', 'document', 'share', 'cumulative_share', 'queries_kept', 'queries_led'],
      ...documents.top.map(({ corpus, document, share, cumulative, queries, leads }) => [
        ...[corpus, document, ...[share, cumulative, queries, leads].map(String)],
      ]),
    ]),
  };
}
