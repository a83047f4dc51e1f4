import { UsageError } from '../../store/index.js';
import type { DocumentSource, Fields, RecordFile } from './document.js';
import { columnShape, type Shape, templateShape } from './shape.js';
import { detectShape } from './shapes.js';
import { isTemplate, topColumn, valueAt } from './template.js';

/** Which columns of a file are used for what. */
export interface ChosenColumns {
  shape: Shape;
  /** The column of the key; undefined for file and row. */
  id?: string | undefined;
  /** The column of the source; undefined for the file's name. */
  source?: string | undefined;
  meta: readonly string[];
  /** A column whose inner fields are the metadata. */
  metaOf?: string | undefined;
  /** All top-level columns that are needed. */
  needed: readonly string[];
  /** Those needed for the metadata. */
  typed: readonly string[];
}

type Names = Pick<DocumentSource, 'text' | 'id' | 'source' | 'meta'>;

/**
 * Chooses the columns of a file, by what the user named and by the shape they fit.
 *
 * @throws UsageError that names the option and the columns there are, where a column is not there or no shape fits
 */
export async function chooseColumns(file: RecordFile, names: Names): Promise<ChosenColumns> {
  const shape = await shapeOf(file, names.text);
  const asked = {
    id: names.id === 'row' && !file.columns.includes('row') ? undefined : names.id,
    source: names.source === 'file' ? undefined : names.source,
  };
  await requireColumns(file, shape.columns, 'text');
  await requireColumns(file, [asked.id ?? []].flat(), 'id');
  await requireColumns(file, [asked.source ?? []].flat(), 'source');
  await requireColumns(file, names.meta ?? [], 'meta');
  const id = names.id === undefined ? shape.id : asked.id;
  const metaOf = names.meta?.length ? undefined : shape.meta;
  const meta = names.meta ?? [];
  const top = (columns: readonly (string | undefined)[]) => [
    ...new Set(columns.flatMap((column) => (column && topColumn(column, file.columns)) ?? [])),
  ];
  return {
    shape,
    id,
    source: asked.source,
    meta,
    metaOf,
    needed: top([...shape.columns, id, asked.source, ...meta, metaOf]),
    typed: top(meta),
  };
}

/** The columns that the user named, whatever for. */
export function namedColumns({ text, id, source, meta = [] }: Names): string[] {
  const inText = text === undefined ? [] : isTemplate(text) ? templateShape(text).columns : [text];
  return [...inText, ...[id ?? [], source ?? []].flat(), ...meta];
}

async function shapeOf(file: RecordFile, text: string | undefined): Promise<Shape> {
  if (text !== undefined) {
    return isTemplate(text) && !file.columns.includes(text) ? templateShape(text) : columnShape(text);
  }
  const unnamed = file.columns.every((name, i) => name === `column${i}`);
  const shape = detectShape(file.columns, unnamed ? await file.head(file.columns) : []);
  if (shape) return shape;
  const [a, b] = file.columns;
  const example = b === undefined ? '' : ` or --text "{${a}}\\n{${b}}"`;
  throw new UsageError(
    `${file.label}: no text column found among: ${file.columns.join(', ')}. Say which with --text <column>${example}.`,
  );
}

async function requireColumns(file: RecordFile, wanted: readonly string[], option: string): Promise<void> {
  for (const column of wanted) {
    const top = topColumn(column, file.columns);
    if (top === column) continue;
    const inner = top === undefined ? [] : await innerNames(file, top, column);
    if (inner === undefined) continue;
    const there =
      top === undefined
        ? `the columns are: ${file.columns.join(', ')}`
        : `in ${top} there are: ${inner.join(', ')}`;
    throw new UsageError(
      `${file.label}: there is no column "${column}" for --${option}; ${there}. Name one of them with --${option}.`,
    );
  }
}

/** What a nested column could be instead; undefined where it is in one of the first records. */
async function innerNames(file: RecordFile, top: string, column: string): Promise<string[] | undefined> {
  const head = await file.head([top]);
  if (head.length === 0 || head.some((fields) => valueAt(fields, column) !== undefined)) return undefined;
  const inner = head.flatMap((fields: Fields) => {
    const value = fields[top];
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  });
  return [...new Set(inner)];
}
