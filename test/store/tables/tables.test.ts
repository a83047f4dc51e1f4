import { join } from 'node:path';
import { csvParseRows } from 'd3';
import { describe, expect, it } from 'vitest';
import { columnsOf, csvLines, jsonLines, writeParquet } from '../../../store/index.js';
import { tempFolder } from '../../support/temp-folder.js';

const ROWS = [
  { a: 1, b: 'x', c: null },
  { a: null, b: '=1+1', c: true, d: [1, 2] },
  { a: -2.5, b: 'quote " and,\nline', c: false, d: 7 },
];

describe('columnsOf', () => {
  it('knows the types of columns with gaps, and makes text of mixed ones', () => {
    expect(columnsOf(ROWS)).toEqual([
      { name: 'a', type: 'number' },
      { name: 'b', type: 'text' },
      { name: 'c', type: 'boolean' },
      { name: 'd', type: 'text' },
    ]);
    expect(columnsOf([])).toEqual([]);
    expect(columnsOf([{ gap: null }])).toEqual([{ name: 'gap', type: 'text' }]);
  });
});

describe('csvLines', () => {
  it('quotes what has to be, and runs no formula; a negative number is none', () => {
    expect(csvParseRows([...csvLines(ROWS)].join(''))).toEqual([
      ['a', 'b', 'c', 'd'],
      ['1', 'x', '', ''],
      ['', "'=1+1", 'true', '[1,2]'],
      ['-2.5', 'quote " and,\nline', 'false', '7'],
    ]);
  });
});

describe('jsonLines', () => {
  it('has a row a line', () => {
    expect([...jsonLines(ROWS)].map((line) => JSON.parse(line))).toEqual(ROWS);
  });
});

describe('writeParquet', () => {
  it('fails where it cannot write, naming the file', async () => {
    const file = join(tempFolder(), 'no', 'rows.parquet');
    await expect(writeParquet(file, ROWS)).rejects.toThrow('rows.parquet');
  });

  it('writes a file that has no rows', async () => {
    await writeParquet(join(tempFolder(), "it's.parquet"), []);
  });
});
