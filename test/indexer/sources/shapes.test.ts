import { describe, expect, it } from 'vitest';
import { describeSource } from '../../../indexer/index.js';
import { read, readSource, writeFiles, writeParquet } from '../../support/read-sources.js';

const jsonl = (...records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');

async function shapeOf(record: object) {
  const files = ['a.jsonl'];
  const base = writeFiles({ 'a.jsonl': jsonl(record) });
  const { shape } = await describeSource({ files, base });
  const { documents } = await readSource({ files, base });
  return [shape, documents[0]!.text];
}

describe('the shape of records', () => {
  it.each([
    [{ n: 1, text: 'a' }, 'text in text', 'a'],
    [{ content: 'a', title: 'b' }, 'text in content', 'a'],
    [{ Body: 'a' }, 'text in Body', 'a'],
    [{ instruction: 'i', input: 'j', output: 'k' }, 'Alpaca: instruction, input, output', 'i\nj\nk'],
    [{ instruction: 'i', input: '', output: 'k' }, 'Alpaca: instruction, input, output', 'i\nk'],
    [{ instruction: 'i', input: '', output: 'k', answer: 'l' }, 'Alpaca: instruction, input, output', 'i\nk'],
    [{ instruction: 'i', context: 'c', response: 'r' }, 'Alpaca: instruction, context, response', 'i\nc\nr'],
    [
      {
        messages: [
          { role: 'user', content: 'u' },
          { role: 'assistant', content: 'v' },
        ],
      },
      'chat: messages',
      'u\nv',
    ],
    [
      {
        conversations: [
          { from: 'human', value: 'u' },
          { from: 'gpt', value: 'v' },
        ],
      },
      'chat: conversations',
      'u\nv',
    ],
    [
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'text', text: 'u' }, { type: 'image' }],
          },
          { role: 'assistant', content: null },
        ],
      },
      'chat: messages',
      'u',
    ],
    [{ prompt: 'p', completion: 'c' }, 'prompt and completion: prompt, completion', 'p\nc'],
    [{ question: 'q', answer: 'a', n: 7 }, 'prompt and completion: question, answer', 'q\na'],
    [
      { question: 'q', choices: ['x', 'y'], answer: 1, subject: 's' },
      'question with choices: question, choices, answer',
      'q\nx\ny\ny',
    ],
    [
      { question: 'q', choices: { text: ['x', 'y'], label: ['1', '2'] }, answerKey: '1' },
      'question with choices: question, choices, answerKey',
      'q\nx\ny\nx',
    ],
    [
      { question: 'q', A: 'x', B: 'y', answer: 'B' },
      'question with choices: question, A to B, answer',
      'q\nx\ny\ny',
    ],
    [
      { question: 'q', choice1: 'x', choice2: 'y', answer: 1 },
      'question with choices: question, choice1 to choice2, answer',
      'q\nx\ny\nx',
    ],
  ])('%j', async (record, shape, text) => {
    expect(await shapeOf(record)).toEqual([shape, text]);
  });

  it('takes id and metadata of a datatrove document, in JSON lines and Parquet', async () => {
    const record = { text: 'a', id: 'x1', metadata: { url: 'u', n: 3 } };
    const parquet = await writeParquet("SELECT 'a' AS text, 'x1' AS id, {url: 'u', n: 3} AS metadata");
    for (const { documents } of [
      await read({ 'a.jsonl': jsonl(record) }),
      await readSource({ files: [parquet], base: '/' }),
    ]) {
      expect(documents).toMatchObject([
        { key: 'x1', text: 'a', meta: { url: 'u', n: 3 }, source: expect.any(String) },
      ]);
    }
  });

  it('is looked for in the first records, not only in the first', async () => {
    const { documents } = await read({
      'a.jsonl': jsonl({ instruction: 'i', output: 'k' }, { instruction: 'i', input: 'j', output: 'k' }),
    });
    expect(documents.map(({ text }) => text)).toEqual(['i\nk', 'i\nj\nk']);
  });

  it('is another one for every file', async () => {
    const { documents } = await read({
      'a.jsonl': jsonl({ text: 'a' }),
      'b.csv': 'question,answer\nq,a\n',
      'c.txt': 'c',
    });
    expect(documents.map(({ text }) => text)).toEqual(['a', 'q\na', 'c']);
  });

  it('that does not fit is an error that says what to do, in one line', async () => {
    await expect(read({ 'data.csv': 'a,b,c\n1,2,3\n' })).rejects.toThrow(
      'data.csv: no text column found among: a, b, c. Say which with --text <column> or --text "{a}\\n{b}".',
    );
    await expect(readSource({ files: [await writeParquet('SELECT 1 AS a')], base: '/' })).rejects.toThrow(
      'p.parquet: no text column found among: a.',
    );
  });
});

describe('describeSource', () => {
  it('says what is in a Hugging Face dataset folder and what is passed over', async () => {
    const parquet = await writeParquet("SELECT 'a' AS text");
    const { readFileSync } = await import('node:fs');
    const shard = readFileSync(parquet);
    const base = writeFiles({
      'data/train-00000-of-00002.parquet': shard,
      'data/train-00001-of-00002.parquet': shard,
      'README.md': '# Card',
      'dataset_infos.json': '{}',
      '.gitattributes': '',
      LICENSE: 'MIT',
    });
    const source = { files: ['.'], base };
    const found = await describeSource(source);
    expect(found).toMatchObject({
      files: 2,
      formats: ['parquet'],
      shape: 'text in text',
      template: '{text}',
      columns: ['text'],
    });
    expect(found.passedOver.map((file) => file.slice(base.length + 1)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'dataset_infos.json',
    ]);
    const { documents } = await readSource(source);
    expect(documents.map(({ key }) => key)).toEqual([
      'train-00000-of-00002.parquet:1',
      'train-00001-of-00002.parquet:1',
    ]);
  });
});
