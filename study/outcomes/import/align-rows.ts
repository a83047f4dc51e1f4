import type { LabelledRecord } from '../../../indexer/index.js';
import { DataError, type Query } from '../../../store/index.js';
import { GROUP } from './read-outcome-records.js';

/** What data sets put behind a subject in the names of its files. */
const SPLIT = /[_-](test|dev|val|valid|validation|train)$/i;

/**
 * The queries that records stand for, one by one in the order of their rows. Records in more than one group are aligned
 * within each, to the queries whose source is called so (`anatomy`: `anatomy`, `anatomy_test.csv`).
 *
 * @throws DataError where there are not as many records as queries, or a group has no source
 */
export function alignRows(records: readonly LabelledRecord[], queries: readonly Query[]): Query[] {
  const groups = grouped(records, ({ fields }) => String(fields[GROUP] ?? ''));
  if (groups.size <= 1) {
    requireCount('The files have', records.length, queries.length, 'in the set');
    return [...queries];
  }
  const sources = grouped(queries, ({ source }) => subjectOf(source));
  requireCount('The files have', records.length, queries.length, 'in the set');
  const next = new Map<string, number>();
  for (const [group, { length }] of groups) {
    const found = sources.get(group);
    if (!found) {
      throw new DataError(
        `No query's source is called "${group}"; the sources are: ${[...sources.keys()].slice(0, 10).join(', ')}. Add the queries with --source.`,
      );
    }
    requireCount(`Group "${group}" has`, length, found.length, 'of its source');
    next.set(group, 0);
  }
  return records.map(({ fields }) => {
    const group = String(fields[GROUP]);
    const at = next.get(group)!;
    next.set(group, at + 1);
    return sources.get(group)![at]!;
  });
}

/** `anatomy_test.csv` and `mmlu/anatomy` are of the subject `anatomy`. */
function subjectOf(source: string): string {
  const name = source.split('/').at(-1)!;
  return name.replace(/\.(csv|tsv|jsonl?|parquet)(\.(gz|zst))?$/i, '').replace(SPLIT, '');
}

function grouped<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function requireCount(what: string, records: number, queries: number, where: string): void {
  if (records === queries) return;
  throw new DataError(
    `${what} ${records} records and there are ${queries} queries ${where}: by row, they must be as many. Name a column with --key to match them.`,
  );
}
