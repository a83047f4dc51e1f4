import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { describeSource } from '../../../indexer/index.js';
import { hasHeader } from '../../../indexer/sources/header.js';
import { read, writeFiles } from '../../support/read-sources.js';

const MMLU = [
  '"What is it, really?","a dog","a cat","a pig","a cow",B',
  'The SHA-1 digest has,160 bits,512 bits,628 bits,820 bits,A',
  'Which is zero?,0,1,2,3,A',
].join('\n');

describe('hasHeader', () => {
  it.each([
    [
      'names above prose',
      [
        ['title', 'what is said'],
        ['One', 'It is so.'],
      ],
      true,
    ],
    [
      'a column we know',
      [
        ['question', 'A. or B?'],
        ['q', 'a'],
      ],
      true,
    ],
    [
      'sentences',
      [
        ['What is it?', 'a dog', 'B'],
        ['Where?', 'here', 'A'],
      ],
      false,
    ],
    [
      'a letter that comes again',
      [
        ['What is it', 'a dog', 'B'],
        ['Where is it', 'here', 'B'],
      ],
      false,
    ],
    [
      'numbers',
      [
        ['word', '12'],
        ['more', '13'],
      ],
      false,
    ],
    [
      'numbers that pandas writes',
      [
        ['0', '1', '2'],
        ['a', 'b', 'c'],
      ],
      true,
    ],
    [
      'a name twice',
      [
        ['yes', 'yes'],
        ['no', 'maybe'],
      ],
      false,
    ],
    [
      'an index without a name',
      [
        ['', 'label', 'said'],
        ['0', 'x', 'y'],
      ],
      true,
    ],
    ['nothing', [], false],
  ])('%s', (_, rows, expected) => {
    expect(hasHeader(rows, [])).toBe(expected);
  });

  it('believes the user', () => {
    expect(
      hasHeader(
        [
          ['What is your name?', 'Age?'],
          ['Ann', '7'],
        ],
        ['Age?'],
      ),
    ).toBe(true);
  });
});

describe('CSV files', () => {
  it('have a question, choices and an answer without a header row', async () => {
    const { documents } = await read({ 'anatomy_test.csv': MMLU });
    expect(documents.map(({ text }) => text)).toEqual([
      'What is it, really?\na dog\na cat\na pig\na cow\na cat',
      'The SHA-1 digest has\n160 bits\n512 bits\n628 bits\n820 bits\n160 bits',
      'Which is zero?\n0\n1\n2\n3\n0',
    ]);
    expect(documents[1]).toMatchObject({ source: 'anatomy_test.csv', key: 'anatomy_test.csv:2', record: 1 });
    const base = writeFiles({ 'a.csv': MMLU });
    expect(await describeSource({ files: ['a.csv'], base })).toMatchObject({
      shape: 'question with choices: column0, column1 to column4, column5',
      columns: ['column0', 'column1', 'column2', 'column3', 'column4', 'column5'],
    });
  });

  it('keep texts as they are written', async () => {
    const { documents } = await read({
      'a.csv': '\ufefftext,n\r\n"a ""b""\r\nc",1\r\n007,2\r\n2020-01-01,3\r\nNULL,4\r\n"a\0b",5\r\n',
    });
    expect(documents.map(({ text }) => text)).toEqual(['a "b"\r\nc', '007', '2020-01-01', 'NULL', 'a\0b']);
  });

  it('are told apart at commas, semicolons and tabs', async () => {
    const { documents } = await read({
      'a.csv': 'text;n\n"a, b; c";1\nd, e, f;2\n',
      'b.tsv': 'text\tn\na, "b" c\t1\n"x" y\t2\n',
      'c.csv': 'text\n"hello, world"\n',
    });
    expect(documents.map(({ text }) => text)).toEqual([
      'a, b; c',
      'd, e, f',
      'a, "b" c',
      '"x" y',
      'hello, world',
    ]);
  });

  it('give numbers to metadata and to where, text to templates', async () => {
    const { documents } = await read(
      { 'a.csv': 'text,year,ok\na,1790,true\nb,1801,false\nc,,true\n' },
      { text: '{year}: {text}', meta: ['year', 'ok'], where: 'year < 1800 OR year IS NULL' },
    );
    expect(documents).toMatchObject([
      { text: '1790: a', meta: { year: 1790, ok: true }, record: 0, key: 'a.csv:1' },
      { text: ': c', meta: { year: null, ok: true }, record: 2, key: 'a.csv:3' },
    ]);
  });

  it('have no documents where they are empty', async () => {
    const { documents } = await read({ 'a.csv': '', 'b.csv': 'text,n\n', 'c.csv': 'text\nc\n' });
    expect(documents.map(({ record, text }) => [record, text])).toEqual([[0, 'c']]);
  });

  it('count rows whose text is empty', async () => {
    const { skipped } = await read({ 'a.csv': 'text,n\n,1\n"",2\n"  ",3\nx,4\n' });
    expect(skipped.lines().join()).toContain('a.csv:1');
    expect(skipped.count).toBe(3);
  });

  it('that are damaged are errors', async () => {
    await expect(read({ 'a.csv': 'text,b\n1,2\n3,4,5\n' })).rejects.toThrow(
      /a\.csv cannot be read as CSV: .*Line: 3.*Expected Number of Columns: 2 Found: 3/,
    );
    const many = 'text that fills a line\n'.repeat(100_000);
    await expect(read({ 'a.csv': `text\n${many}but,not,this\n` })).rejects.toThrow(
      /a\.csv cannot be read as CSV: .*Line: 100002.*Expected Number of Columns: 1 Found:/,
    );
    for (const [cut, line] of [
      ['"unclosed,1\nfoo,2\n', 3],
      ['"cut sh', 3],
      ['"a"b,1\n', 3],
    ]) {
      await expect(read({ 'a.csv': `text,n\na,1\n${cut}` })).rejects.toThrow(
        new RegExp(`Line: ${line} .*unterminated quote`),
      );
    }
    await expect(read({ 'a.csv': Buffer.from('text,n\ncaf\xe9,1\n', 'latin1') })).rejects.toThrow(
      'This file is not utf-8 encoded.',
    );
    const rows = Array.from({ length: 20000 }, (_, i) => `${i},text ${Math.sin(i)}`).join('\n');
    const packed = gzipSync(`n,text\n${rows}\n`);
    const whole = await read({ 'a.csv.gz': packed });
    expect(whole.documents).toHaveLength(20000);
    await expect(read({ 'a.csv.gz': packed.subarray(0, packed.length / 2) })).rejects.toThrow(
      /a\.csv\.gz cannot be read as \.gz: unexpected end of file/,
    );
    await expect(read({ 'a.csv.gz': 'not gzip' })).rejects.toThrow(/a\.csv\.gz cannot be read/);
  });

  it('hold texts of many lines that look like records, over any buffer', async () => {
    const texts = Array.from(
      { length: 40_000 },
      (_, i) => `a ""${i}"",\n"",${i}\nx,""y\n""${'z'.repeat(i % 2000)}`,
    );
    const { documents } = await read({
      'a.csv': `text,n\n${texts.map((text, i) => `"${text}",${i}`).join('\n')}`,
    });
    expect(documents).toHaveLength(texts.length);
    expect(
      documents.every(({ text, record }, i) => record === i && text === texts[i]!.replaceAll('""', '"')),
    ).toBe(true);
  });

  it('may end their lines as old Macs did', async () => {
    const { documents } = await read({ 'a.csv': 'text,n\r"old, mac",1\rfoo,2\r' });
    expect(documents.map(({ text }) => text)).toEqual(['old, mac', 'foo']);
  });

  it('hold texts of several megabytes', async () => {
    const long = 'word '.repeat(600_000);
    const { documents } = await read({ 'a.csv': `text,n\n"${long}",1\n` });
    expect(documents[0]!.text).toBe(long);
  });
});
