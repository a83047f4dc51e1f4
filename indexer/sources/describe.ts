import { chooseColumns, namedColumns } from './columns.js';
import type { DocumentSource } from './document.js';
import { openDatabase } from './duckdb.js';
import { findFiles, labelsOf, listed } from './files.js';
import { formatOf } from './format.js';
import { openFile } from './open-file.js';

/** What was found in the files of a source, by its first file. */
export interface SourceShape {
  files: number;
  /** Formats with their compression, "jsonl.gz". */
  formats: string[];
  /** What the columns were taken for: "Alpaca: instruction, input, output". */
  shape: string;
  /** How the text of a document is made. */
  template: string;
  columns: string[];
  /** Files of the folders that are not data. */
  passedOver: string[];
}

/**
 * Looks into the first file of a source, and tells how its documents will be read.
 *
 * @throws UsageError and DataError as `readDocuments`
 */
export async function describeSource(source: DocumentSource): Promise<SourceShape> {
  const database = openDatabase();
  try {
    const { files, passedOver } = await findFiles(source);
    const labels = labelsOf(files);
    const formats = new Set(files.map(formatName));
    const found = { files: files.length, formats: [...formats], passedOver };
    for (const path of files) {
      const file = await openFile(database, path, labels.get(path)!, namedColumns(source));
      if (file.columns.length === 0) continue;
      const { shape } = await chooseColumns(file, source);
      return { ...found, shape: shape.name, template: shape.template, columns: [...file.columns] };
    }
    return { ...found, shape: 'empty', template: '', columns: [] };
  } finally {
    database.close();
  }
}

/** A description in one line: "57 csv files, question with choices: …". */
export function sourceLine({ files, formats, shape, template, passedOver }: SourceShape): string {
  const what = `${files} ${formats.join(' and ')} file${files === 1 ? '' : 's'}, ${shape}`;
  const how = template === '' ? '' : `, read as ${template.replaceAll('\n', '\\n')}`;
  const others =
    passedOver.length === 0 ? '' : `; passed over ${passedOver.length} (${listed(passedOver)}), no data`;
  return `${what}${how}${others}`;
}

function formatName(path: string): string {
  const { format = 'text', compression } = formatOf(path) ?? {};
  return compression ? `${format}.${compression}` : format;
}
