import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ascending, descending } from 'd3';
import type { Response } from 'express';
import { z } from 'zod';
import { type Cell, csvLines, jsonLines, type Row, writeParquet } from '../store/index.js';
import { type Endpoint, endpoint } from './endpoint.js';
import { badValue } from './problem.js';

/** A list of things of the study that can be filtered, sorted, paged, and had in several formats. */
interface Table<Shape extends z.ZodRawShape, Filters extends z.ZodRawShape> {
  path: string;
  operation: string;
  summary: string;
  row: z.ZodObject<Shape>;
  /** Query parameters that the rows depend on. */
  filters: Filters;
  /** A column that no two rows share. */
  key: keyof Shape & string;
  rows(filters: z.output<z.ZodObject<Filters>>): z.output<z.ZodObject<Shape>>[];
}

const FORMATS = ['json', 'csv', 'jsonl', 'parquet'] as const;
const TYPES = {
  json: 'application/json',
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};
const MOST_ROWS = 10_000;
const DEFAULT_ROWS = 100;

/** The endpoint of a table: pages of JSON, or all rows as CSV, JSON lines or Parquet. */
export function tableEndpoint<Shape extends z.ZodRawShape, Filters extends z.ZodRawShape>({
  path,
  operation,
  summary,
  row,
  filters,
  key,
  rows,
}: Table<Shape, Filters>): Endpoint {
  const columns = Object.keys(row.shape);
  const sortable = columns.flatMap((name) => [name, `-${name}`]);
  const paging = {
    sort: z
      .enum(sortable as [string, ...string[]], `use a column, or "-" and a column: ${columns.join(', ')}`)
      .optional()
      .describe('A column; "-" before it for the largest first. Rows without a value come last.'),
    limit: z
      .string('give it once')
      .regex(/^[1-9]\d{0,4}$/, `use a whole number from 1 to ${MOST_ROWS}`)
      .transform(Number)
      .refine((limit) => limit <= MOST_ROWS, `use at most ${MOST_ROWS}`)
      .optional()
      .describe(`Rows of a page of JSON, by default ${DEFAULT_ROWS}.`),
    cursor: z.string('give it once').max(1000).optional().describe('`next` of the page before.'),
    format: z
      .enum(FORMATS, `use one of: ${FORMATS.join(', ')}`)
      .optional()
      .describe('By default what Accept asks for; all but JSON have all rows at once.'),
  };
  return endpoint({
    ...{ method: 'get', path, operation, summary },
    query: z.strictObject({ ...filters, ...paging }),
    answer: {
      content: {
        [TYPES.json]: { schema: pageSchema(row) },
        [TYPES.csv]: {},
        [TYPES.jsonl]: { schema: row },
        [TYPES.parquet]: {},
      },
    },
    problems: [404],
    handle: async ({ query }, { request, response }) => {
      const { sort, limit, cursor, format, ...given } = query as Paging & Record<string, unknown>;
      const found = rows(given as z.output<z.ZodObject<Filters>>) as Row[];
      const sorted = sort === undefined ? found : sortBy(found, sort);
      const wanted = format ?? FORMATS.find((one) => request.accepts(Object.values(TYPES)) === TYPES[one]);
      if (wanted === undefined || wanted === 'json') return page(sorted, key, limit ?? DEFAULT_ROWS, cursor);
      await send(response, sorted, wanted, operation);
      return undefined;
    },
  });
}

interface Paging {
  sort?: string;
  limit?: number;
  cursor?: string;
  format?: (typeof FORMATS)[number];
}

function pageSchema(row: z.ZodObject) {
  return z.object({
    rows: z.array(row),
    total: z.int().describe('Rows of all pages.'),
    next: z.string().nullable().describe('The cursor of the next page; null on the last.'),
  });
}

function sortBy(rows: readonly Row[], sort: string): Row[] {
  const [column, order] = sort.startsWith('-') ? [sort.slice(1), descending] : [sort, ascending];
  const isGap = (value: Cell) => value === null || value === undefined;
  // Stable, so that rows that are equal keep the order of their keys.
  return [...rows].sort((a, b) => {
    const [x, y] = [a[column], b[column]];
    if (isGap(x) || isGap(y)) return Number(isGap(x)) - Number(isGap(y));
    return typeof x === 'object' || typeof y === 'object'
      ? order(JSON.stringify(x), JSON.stringify(y))
      : order(x as string, y as string);
  });
}

/** The rows behind the one that the cursor names. */
function page(rows: readonly Row[], key: string, limit: number, cursor: string | undefined) {
  const last = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
  const from = last === undefined ? 0 : rows.findIndex((row) => String(row[key]) === last) + 1;
  if (last !== undefined && from === 0) {
    throw badValue('cursor', cursor!, 'it is of no page of these rows; begin again without one.');
  }
  const shown = rows.slice(from, from + limit);
  const isLast = from + limit >= rows.length;
  const next = isLast ? null : Buffer.from(String(shown.at(-1)![key])).toString('base64url');
  return { rows: shown, total: rows.length, next };
}

async function send(
  response: Response,
  rows: readonly Row[],
  format: 'csv' | 'jsonl' | 'parquet',
  name: string,
): Promise<void> {
  response.type(TYPES[format]).attachment(`${name}.${format}`);
  if (format !== 'parquet') {
    response.send([...(format === 'csv' ? csvLines(rows) : jsonLines(rows))].join(''));
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'densimeter-table-'));
  try {
    await writeParquet(join(folder, 'rows.parquet'), rows);
    await new Promise<void>((resolve, reject) => {
      response.sendFile('rows.parquet', { root: folder }, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
