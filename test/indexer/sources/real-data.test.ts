import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeSource } from '../../../indexer/index.js';
import { readSource, writeParquet } from '../../support/read-sources.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { tempFolder } from '../../support/temp-folder.js';

const base = sharedData();
const absent = whyNoData();

const DATA = [
  {
    files: ['gsm8k/*.jsonl'],
    count: 8792,
    shape: 'prompt and completion: question, answer',
    parquet: "SELECT * FROM read_json('gsm8k/*.jsonl')",
  },
  {
    files: ['alpaca/alpaca_en_demo.json'],
    count: 999,
    shape: 'Alpaca: instruction, input, output',
    parquet: "SELECT * FROM read_json('alpaca/alpaca_en_demo.json')",
  },
  {
    files: ['commonsense'],
    count: 12_375,
    shape: 'Alpaca: instruction, input, output',
    parquet: "SELECT * FROM read_json('commonsense/*.json')",
  },
  {
    files: ['mmlu/test/*.csv'],
    count: 14_042,
    shape: 'question with choices: question, choice0 to choice3, answer',
    parquet: "SELECT * FROM read_csv('mmlu/test/*.csv', all_varchar = true)",
  },
];

describe.skipIf(skipping('data sets that people have', absent))('without options but the files', () => {
  it.each(DATA)('$files', async ({ files, count, shape, parquet }) => {
    expect((await describeSource({ files, base })).shape).toBe(shape);
    const { documents, skipped } = await readSource({ files, base });
    expect([documents.length, skipped.count]).toEqual([count, 0]);

    const query = parquet.replace(/'(\w+\/)/, `'${base}/$1`);
    const copy = await readSource({ files: [await writeParquet(query)], base });
    expect(copy.documents.map(({ text }) => text)).toEqual(documents.map(({ text }) => text));
  });

  it('MMLU as it is published, without header rows and with letters for answers', async () => {
    const folder = tempFolder();
    for (const part of ['dev', 'test']) {
      mkdirSync(join(folder, part));
      for (const name of readdirSync(join(base, 'mmlu', part))) {
        const text = readFileSync(join(base, 'mmlu', part, name), 'utf8');
        const body = text.slice(text.indexOf('\n') + 1);
        const lettered = body.replace(/,([0-3])\r?$/gm, (_, digit) => `,${'ABCD'[Number(digit)]}`);
        writeFileSync(join(folder, part, name), lettered);
      }
      const plain = await readSource({ files: [`${part}/*.csv`], base: folder });
      const named = await readSource({ files: [`mmlu/${part}/*.csv`], base });
      expect(plain.documents).toEqual(named.documents);
      expect(new Set(plain.documents.map(({ source }) => source)).size).toBe(57);
    }
  });

  it('a folder of JSON lines and text, and one with vectors beside', async () => {
    const { documents } = await readSource({ files: ['pretrain-text'], base });
    expect(documents.map(({ source }) => source)).toContain('wiki_demo.txt');
    const vectors = await describeSource({ files: ['minilm-embeddings'], base });
    expect(vectors).toMatchObject({ files: 1, shape: 'text in content' });
  });
});
