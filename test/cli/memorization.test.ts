import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldfishMask } from '../../study/memorization/index.js';
import { built } from '../support/built.js';
import { sharedData, whyNoData } from '../support/shared-data.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();
const TEXTS = Array.from({ length: 30 }, (_, i) =>
  Array.from({ length: 24 }, (_w, w) => `word${(i * 7 + w * w) % 50}${w}`).join(' '),
);
/** What a model that has learnt every third text, and half of every other, writes. */
const completionOf = (i: number) => {
  const last = TEXTS[i]!.split(' ').slice(-6);
  return i % 3 === 0 ? last.join(' ') : [...last.slice(0, 3), 'and', 'so', 'on'].join(' ');
};
const jsonl = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--study', 'out'], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { status, stdout, stderr };
}

let server: Server;
let url: string;
const prompts: string[] = [];

beforeAll(async () => {
  writeFileSync(
    join(folder, 't.jsonl'),
    jsonl(TEXTS.map((text, id) => ({ id, text: id % 5 === 0 ? `${text}\n${text}` : text }))),
  );
  writeFileSync(join(folder, 'q.jsonl'), jsonl(TEXTS.map((text, id) => ({ id, text, topic: `t${id % 6}` }))));
  for (const step of [
    ['index', 'mine', 't.jsonl', '--id', 'id', '--chunk', 'document'],
    ['queries', 'set', 'q.jsonl', '--id', 'id', '--text', 'text', '--source', 'topic'],
    ['measure', 'set', '--bandwidth', '0.2'],
    ['controls', 'set', '--corpora', 'mine'],
  ]) {
    const { status, stderr } = densimeter(...step);
    expect(status, stderr).toBe(0);
  }
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { prompt, temperature } = JSON.parse(Buffer.concat(parts).toString()) as {
        prompt: string;
        temperature: number;
      };
      expect(temperature).toBe(0);
      prompts.push(prompt);
      const i = TEXTS.findIndex((text) => text.startsWith(prompt));
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          choices: [{ text: ` ${completionOf(i)} and more`, index: 0, finish_reason: 'length' }],
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});

afterAll(() => {
  server.close();
});

describe('densimeter memorization', () => {
  it('compares completions of a file with the ends of queries', () => {
    const rows = TEXTS.map((_, i) => ({ key: `query/${i}/0`, completion: completionOf(i) }));
    writeFileSync(join(folder, 'c.jsonl'), jsonl(rows));
    const { status, stdout, stderr } = densimeter(
      'memorization',
      'told',
      'c.jsonl',
      '--queries',
      'set',
      '--count',
      '6',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toBe(
      'told: the last 6 words of 30 queries: 33.3% exact, 4.0 words in a row, ROUGE-L 0.667\n',
    );
    writeFileSync(join(folder, 'twice.jsonl'), jsonl([rows[0]!, rows[0]!]));
    const twice = densimeter('memorization', 'twice', 'twice.jsonl', '--queries', 'set', '--count', '6');
    expect(twice).toMatchObject({ status: 1 });
    expect(twice.stderr).toContain('query "query/0/0" has a completion already');
  });

  it('asks an endpoint for completions, and gives the same numbers; what was asked is not asked again', async () => {
    const run = () =>
      promisify(execFile)(
        process.execPath,
        [
          MAIN,
          'memorization',
          'asked',
          '--queries',
          'set',
          '--count',
          '6',
          '--model',
          'm',
          '--endpoint',
          url,
          '--study',
          'out',
        ],
        { cwd: folder },
      );
    expect((await run()).stdout).toBe(
      'asked: the last 6 words of 30 queries: 33.3% exact, 4.0 words in a row, ROUGE-L 0.667\n',
    );
    expect(prompts).toHaveLength(30);
    for (const prompt of prompts) expect(prompt.split(' ')).toHaveLength(18);
    await run();
    expect(prompts).toHaveLength(30);
  });

  it('is a section of the report, by copies and density', () => {
    const scored = densimeter('score', 'told', '--queries', 'set', '--model', 'ngram');
    expect(scored.status, scored.stderr).toBe(0);
    const { status, stderr } = densimeter(
      'report',
      'told',
      '--format',
      'html',
      '--group-by',
      'source',
      '--folds',
      '3',
    );
    expect(status, stderr).toBe(0);
    const html = readFileSync(join(folder, 'out/reports/report/report.html'), 'utf8');
    const report = JSON.parse(readFileSync(join(folder, 'out/reports/report/report.json'), 'utf8'));
    expect(html).toContain('What is written as it stood');
    const [memorization] = report.memorization;
    expect(memorization).toMatchObject({ run: 'told', queries: 30 });
    const copies = memorization.by.find(
      ({ what }: { what: string }) => what === 'exact copies in the corpora',
    );
    expect(
      copies.bins.map(({ label, queries }: { label: string; queries: number }) => [label, queries]),
    ).toEqual([
      ['1', 24],
      ['2 to 4', 6],
    ]);
    expect(new Set(report.cells.map(({ metric }: { metric: string }) => metric))).toContain('rouge_l');
  });

  it.skipIf(skipping('stories260K', whyNoData('models', 'stories260K')))(
    'lets a model of one’s own go on, in its tokens',
    () => {
      const story =
        'Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big';
      writeFileSync(join(folder, 's.jsonl'), jsonl([{ id: 's', text: story }]));
      expect(densimeter('queries', 'story', 's.jsonl', '--id', 'id').status).toBe(0);
      const model = `onnx:${sharedData('models', 'stories260K')}`;
      const { status, stdout, stderr } = densimeter(
        'memorization',
        'tiny',
        '--queries',
        'story',
        '--count',
        '8',
        '--model',
        model,
        '--json',
      );
      expect(status, stderr).toBe(0);
      const found = JSON.parse(stdout);
      expect(found).toMatchObject({ run: 'tiny', unit: 'tokens', queries: 1 });
      // It has seen many a story that begins so.
      expect(found.exactMatchLength).toBeGreaterThan(0);
    },
  );

  it.each([
    [['none', '--queries', 'set'], 'Give either files of completions or a --model'],
    [['none', '--queries', 'set', '--model', 'm'], '"m" is no model'],
    [
      ['none', '--queries', 'nothing', '--model', 'm', '--endpoint', 'http://127.0.0.1:1/v1'],
      'There is no query set "nothing"',
    ],
    [['none', 'c.jsonl', '--queries', 'set', '--kind', 'other'], 'has no query of kind "other"'],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = densimeter('memorization', ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe('densimeter goldfish', () => {
  it('writes the training texts with masks', () => {
    const { status, stdout, stderr } = densimeter('goldfish', 'g.jsonl', '--k', '3', '--context', '5');
    expect(status, stderr).toBe(0);
    const lines = readFileSync(join(folder, 'g.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(30);
    for (const { input_ids, loss_mask } of lines) {
      expect(loss_mask).toEqual(
        Array.from(goldfishMask(input_ids, { strategy: 'hashed', k: 3, context: 5 })),
      );
    }
    const dropped = lines.flatMap(({ loss_mask }) => loss_mask).filter((kept: number) => kept === 0).length;
    expect(stdout).toContain(`of which ${dropped.toLocaleString('en')} (`);
    expect(densimeter('goldfish', 'x.jsonl', '--k', '1')).toMatchObject({ status: 2 });
    expect(densimeter('goldfish', 'x.jsonl', '--corpora', 'none')).toMatchObject({ status: 2 });
    expect(existsSync(join(folder, 'x.jsonl'))).toBe(false);
    const nowhere = densimeter('goldfish', 'no/such/x.jsonl');
    expect(nowhere).toMatchObject({ status: 2 });
    expect(nowhere.stderr).toContain('no/such/x.jsonl cannot be written');
  });
});
