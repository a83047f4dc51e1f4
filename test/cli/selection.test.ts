import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { readParquet } from '../support/read-parquet.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--study', 'out'], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { status, stdout, stderr };
}

const json = (...args: string[]) => {
  const { status, stdout, stderr } = densimeter(...args, '--json');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
};
const jsonl = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

const COOKING = [
  'The cook fried onions in butter.',
  'Soup simmers on the stove with garlic.',
  'She baked bread with flour and yeast.',
  'Roast the chicken with thyme and lemon.',
];
const LAW = [
  'The court gave its judgment on appeal.',
  'Congress passed the bill into law.',
  'The treaty was signed by both nations.',
  'The judge heard the lawyers of both sides.',
];
const SEA = [
  'The whale dived under the ship.',
  'Sailors hauled the ropes in the storm.',
  'The harbour was full of fishing boats.',
];

beforeAll(() => {
  const rows = (texts: readonly string[], source: string) =>
    texts.map((text, i) => ({ id: `${source}-${i}`, text, source }));
  const often = Array.from({ length: 12 }, (_, i) => ({
    id: `again-${i}`,
    text: `The court gave its judgment on appeal, case ${i}.`,
    source: 'law',
  }));
  writeFileSync(join(folder, 'base.jsonl'), jsonl([...rows(LAW, 'law'), ...often]));
  writeFileSync(
    join(folder, 'pool.jsonl'),
    jsonl([
      ...rows(COOKING, 'cooking'),
      ...rows(
        LAW.map((text) => `${text} Again.`),
        'law',
      ),
      ...rows(SEA, 'sea'),
    ]),
  );
  writeFileSync(
    join(folder, 'q.jsonl'),
    jsonl([
      ...rows(['Fry the onions and the garlic.', 'Bread needs flour, yeast and time.'], 'cooking'),
      ...rows(
        [
          'The court of appeal gave judgment.',
          'A bill became law in Congress.',
          'The judge decided.',
          'Nations sign treaties.',
        ],
        'law',
      ),
    ]),
  );
  for (const step of [
    ['index', 'base', 'base.jsonl', '--id', 'id', '--source', 'source', '--chunk', 'document'],
    ['index', 'pool', 'pool.jsonl', '--id', 'id', '--source', 'source', '--chunk', 'document'],
    ['queries', 'set', 'q.jsonl', '--id', 'id', '--source', 'source', '--text', 'text'],
    ['measure', 'set', '--corpora', 'base', '--bandwidth', '0.15'],
    ['score', 'ngram', '--queries', 'set', '--model', 'ngram', '--corpora', 'base'],
  ]) {
    const { status, stderr } = densimeter(...step);
    expect(status, stderr).toBe(0);
  }
});

const select = ['select', '--for', 'set', '--from', 'pool', '-k', '3', '--worst', '0.34'];

describe('densimeter select', () => {
  it('chooses what supports the least supported, by utility and by nearness', () => {
    const utility = json(...select, '--run', 'ngram');
    expect(utility).toMatchObject({ by: 'utility', candidates: 11, queries: 2 });
    expect(utility.documents.slice(0, 2).map(({ source }: { source: string }) => source)).toEqual([
      'cooking',
      'cooking',
    ]);
    expect(utility.documents.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2, 3]);
    expect(utility.after).toBeGreaterThan(utility.before + 0.5);
    const nearest = json(...select, '--by', 'nearest');
    expect(nearest.documents[0].source).toBe('cooking');
    expect(nearest.documents[0].gain).toBeNull();
    // Where both choose the same documents, sums of another order may differ in their last digit.
    expect(utility.after).toBeGreaterThanOrEqual(nearest.after - 1e-12);
  });

  it('says the density that measuring with the chosen gives', () => {
    const found = json(...select, '--out', 'chosen.jsonl');
    expect(
      densimeter(
        'index',
        'chosen',
        'chosen.jsonl',
        '--id',
        'document',
        '--text',
        'text',
        '--chunk',
        'document',
      ).status,
    ).toBe(0);
    expect(
      densimeter('measure', 'set', '--corpora', 'base,chosen', '--bandwidth', '0.15', '--name', 'with')
        .status,
    ).toBe(0);
    const { leastSupported } = json('coverage', 'with', '--least', '6');
    const cooking = leastSupported.filter(({ subject, key }: { subject: string; key: string }) =>
      `${subject}${key}`.includes('cooking'),
    );
    expect(cooking).toHaveLength(2);
    const mean = (cooking[0].log10Density + cooking[1].log10Density) / 2;
    expect(found.after).toBeCloseTo(mean, 3);
    densimeter('corpus', 'delete', 'chosen');
  });

  it('draws by seed, alike or by inverse density', () => {
    const drawn = (...args: string[]) =>
      json(...select, ...args).documents.map(({ document }: { document: string }) => document);
    expect(drawn('--by', 'random', '--seed', '4')).toEqual(drawn('--by', 'random', '--seed', '4'));
    expect(drawn('--by', 'random', '--seed', '4')).not.toEqual(drawn('--by', 'random', '--seed', '5'));
    const counts = Array.from({ length: 6 }, (_, seed) =>
      drawn('--by', 'inverse-density', '--seed', String(seed + 1)),
    )
      .flat()
      .filter((document: string) => document.startsWith('law')).length;
    // 4 of 11 are law, which the base is full of: alike, 6.5 of 18 would be drawn.
    expect(counts).toBeLessThan(5);
  });

  it.each([
    [['--for', 'set', '--from', 'base'], 'choose from another'],
    [['--for', 'set', '--from', 'nowhere'], 'There is no corpus "nowhere"'],
    [['--for', 'none', '--from', 'pool'], 'There is no query set "none"'],
    [['--for', 'set', '--from', 'pool', '--measurement', 'other'], 'no measurement "other"'],
    [['--for', 'set', '--from', 'pool', '--run', 'other'], 'has no loss'],
    [['--for', 'set', '--from', 'pool', '--worst', '2'], 'above 0 and at most 1, not 2'],
    [['--for', 'set', '--from', 'pool', '--out', 'x.csv'], 'give a file that ends with .jsonl or .parquet'],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = densimeter('select', ...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

describe('densimeter weights', () => {
  it('gives what is said often less weight, with mean 1', async () => {
    const { documents, effectiveDocuments } = json(
      'weights',
      'base',
      '--bandwidth',
      '0.15',
      '--out',
      'w.parquet',
    );
    const weights = documents.map(({ weight }: { weight: number }) => weight);
    expect(weights.reduce((a: number, b: number) => a + b, 0) / weights.length).toBeCloseTo(1, 9);
    const of = (name: string) =>
      documents.find(({ document }: { document: string }) => document === name).weight;
    expect(of('law-1')).toBeGreaterThan(3 * of('again-3'));
    expect(effectiveDocuments).toBeLessThan(16);
    expect(await readParquet(join(folder, 'w.parquet'))).toHaveLength(16);
  });

  it('cuts the largest, and gives the others the rest', () => {
    const { documents, cut } = json('weights', 'base', '--bandwidth', '0.15', '--most', '2');
    const weights = documents.map(({ weight }: { weight: number }) => weight);
    expect(Math.max(...weights)).toBeLessThanOrEqual(2.001);
    expect(cut).toBeGreaterThan(0);
    expect(weights.reduce((a: number, b: number) => a + b, 0) / weights.length).toBeCloseTo(1, 6);
  });

  it('makes a corpus more like another', () => {
    const { documents } = json(
      'weights',
      'pool',
      '--by',
      'ratio',
      '--towards',
      'base',
      '--bandwidth',
      '0.15',
      '--power',
      '0.5',
    );
    const mean = (source: string) => {
      const own = documents.filter((one: { source: string }) => one.source === source);
      return own.reduce((sum: number, { weight }: { weight: number }) => sum + weight, 0) / own.length;
    };
    expect(mean('law')).toBeGreaterThan(mean('cooking'));
    expect(densimeter('weights', 'pool', '--by', 'ratio', '--bandwidth', '0.15').stderr).toContain(
      '--towards',
    );
  });

  it('writes a file whole or not at all', () => {
    const { status, stderr } = densimeter(
      'weights',
      'base',
      '--bandwidth',
      '0.15',
      '--out',
      'no/such/w.jsonl',
    );
    expect(status).toBe(2);
    expect(stderr).toContain('--out no/such/w.jsonl cannot be written');
    expect(densimeter('weights', 'base', '--bandwidth', '0.15', '--out', 'w.jsonl').status).toBe(0);
    expect(readFileSync(join(folder, 'w.jsonl'), 'utf8').trim().split('\n')).toHaveLength(16);
    expect(existsSync(join(folder, 'w.jsonl.part'))).toBe(false);
  });
});
