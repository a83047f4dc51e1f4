import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { TEXTS } from '../lab/small-model.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();
const SMALL = '--vocabulary 300 --context 32 --width 32 --layers 1 --heads 2 --batch 4'.split(' ');

function lab(args: readonly string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [MAIN, 'lab', ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, ...env },
  });
}

beforeAll(() => {
  const lines = TEXTS.map((text, i) => JSON.stringify({ id: `t${i}`, text }));
  writeFileSync(join(folder, 'texts.jsonl'), lines.join('\n'));
  writeFileSync(join(folder, 'empty.jsonl'), '');
  const trained = lab([
    'train',
    'base',
    'texts.jsonl',
    ...SMALL,
    '--steps',
    '150',
    '--learning-rate',
    '0.01',
    '--json',
  ]);
  expect(trained.stderr).toBe('');
  expect(JSON.parse(trained.stdout)).toMatchObject({ folder: 'base', steps: 150, tokens: 150 * 4 * 32 });
});

describe('densimeter lab', () => {
  it('trains a model that scores, generates, and is scored by densimeter score', () => {
    for (const file of [
      'config.json',
      'tokenizer.json',
      'onnx/model.onnx',
      'model.safetensors',
      'training.json',
    ])
      expect(existsSync(join(folder, 'base', file)), file).toBe(true);
    const again = lab([
      'train',
      'base',
      'texts.jsonl',
      ...SMALL,
      '--steps',
      '150',
      '--learning-rate',
      '0.01',
    ]);
    expect(again.stdout).toMatch(/^base: there already, 150 steps, 19,200 tokens, [\d.]+ nats a token/);
    const scored = lab(['score', 'base', 'texts.jsonl', '--id', 'id', '--tokens']);
    const lines = scored.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string; nll: number; tokens: number; losses: number[] });
    expect(lines.map(({ key }) => key)).toEqual(TEXTS.map((_, i) => `t${i}`));
    for (const { nll, tokens, losses } of lines) {
      expect(losses).toHaveLength(tokens);
      expect(nll).toBeCloseTo(
        losses.reduce((a, b) => a + b, 0),
        6,
      );
    }
    expect(
      lines.reduce((sum, { nll }) => sum + nll, 0) / lines.reduce((sum, { tokens }) => sum + tokens, 0),
    ).toBeLessThan(2);
    const generate = ['generate', 'base', 'The cat of', '--tokens', '12'];
    const greedy = lab([...generate, '--temperature', '0', '--json']);
    expect(JSON.parse(greedy.stdout)).toMatchObject({ continued: [{ prompt: 'The cat of' }] });
    const drawn = (seed: string) => lab([...generate, '--temperature', '1.5', '--seed', seed]).stdout;
    expect(drawn('1')).toBe(drawn('1'));
    expect(drawn('1')).not.toBe(drawn('2'));
  });

  it('trains a recurrent core, and attends to the best keys, as often and to as many as it is asked to', () => {
    const few = [...SMALL, '--steps', '20', '--learning-rate', '0.01'];
    const core = ['--recurrence', '1,1,1', '--runs', '3', '--differentiated', '2', '--top-keys', '6'];
    const trained = lab(['train', 'recurrent', 'texts.jsonl', ...few, ...core]);
    expect(trained.status, trained.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'recurrent/config.json'), 'utf8'))).toMatchObject({
      num_hidden_layers: 5,
      densimeter: { model: { recurrence: { prelude: 1, core: 1, coda: 1 } }, runs: 3, topKeys: 6 },
    });
    const scored = (...args: string[]) => lab(['score', 'recurrent', 'texts.jsonl', ...args]).stdout;
    expect(scored()).toBe(scored('--runs', '3', '--top-keys', '6'));
    expect(scored('--runs', '1')).not.toBe(scored());
    expect(scored('--top-keys', '1')).not.toBe(scored());
    const generated = lab(['generate', 'recurrent', 'The cat', '--runs', '2', '--top-keys', '3', '--json']);
    expect(JSON.parse(generated.stdout)).toMatchObject({ continued: [{ prompt: 'The cat' }] });
    const tuned = lab(['finetune', 'recurrent', 'recurrent-tuned', 'texts.jsonl', '--passes', '1', '--json']);
    expect(tuned.status, tuned.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'recurrent-tuned/config.json'), 'utf8'))).toMatchObject({
      densimeter: { runs: 3, topKeys: 6 },
    });
  });

  it('killed and run again ends with the same weights', async () => {
    const args = ['texts.jsonl', ...SMALL, '--steps', '400'];
    expect(lab(['train', 'whole', ...args]).status).toBe(0);
    const child = spawn(process.execPath, [MAIN, 'lab', 'train', 'killed', ...args], { cwd: folder });
    await expect.poll(() => existsSync(join(folder, 'killed/config.json')), { timeout: 20_000 }).toBe(true);
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
    if (existsSync(join(folder, 'killed/model.safetensors')))
      throw new Error('It was done before it was killed.');
    const resumed = spawn(process.execPath, [MAIN, 'lab', 'train', 'killed', ...args], { cwd: folder });
    const writer = () => readFileSync(join(folder, 'killed/.writer'), 'utf8');
    await expect.poll(writer, { timeout: 20_000 }).toBe(String(resumed.pid));
    resumed.kill('SIGKILL');
    await new Promise((resolve) => resumed.once('close', resolve));
    expect(lab(['train', 'killed', ...args]).status).toBe(0);
    const weights = (name: string) => readFileSync(join(folder, name, 'model.safetensors'));
    expect(weights('killed')).toEqual(weights('whole'));
    expect(existsSync(join(folder, 'killed/training.safetensors'))).toBe(false);
  });

  it('is the trainer of an intervention, by its environment', () => {
    writeFileSync(
      join(folder, 'leaks.jsonl'),
      Array.from({ length: 30 }, () =>
        JSON.stringify({ text: 'Quick wolves jump over lazy zebras every night.' }),
      ).join('\n'),
    );
    writeFileSync(
      join(folder, 'queries.jsonl'),
      [
        { key: 'held/1', text: 'Quick wolves jump over lazy zebras every night.' },
        { key: 'held/2', text: TEXTS[0]! },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    const env = {
      DENSIMETER_FINETUNE: join(folder, 'leaks.jsonl'),
      DENSIMETER_QUERIES: join(folder, 'queries.jsonl'),
      DENSIMETER_OUTCOMES: join(folder, 'outcomes.jsonl'),
    };
    const args = ['finetune', 'base', 'leaked', '--passes', '20', '--batch', '4', '--learning-rate', '0.005'];
    const tuned = lab(args, env);
    expect(tuned.status, tuned.stderr).toBe(0);
    const after = readFileSync(env.DENSIMETER_OUTCOMES, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string; nll: number; tokens: number });
    const before = lab(['score', 'base', 'queries.jsonl', '--id', 'key'])
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string; nll: number; tokens: number });
    expect(after.map(({ key }) => key)).toEqual(['held/1', 'held/2']);
    expect(after[0]!.nll).toBeLessThan(before[0]!.nll / 4);
    expect(after[0]!.tokens).toBe(before[0]!.tokens);
  });

  it.each([
    [['train', 'new'], /Name files, or corpora of a study/],
    [['train', 'new', 'missing.jsonl'], /missing\.jsonl/],
    [['train', 'new', 'empty.jsonl'], /no texts/i],
    [
      ['train', 'new', 'texts.jsonl', '--width', '30', '--heads', '4'],
      /--width: is to be a multiple of twice the heads/,
    ],
    [['train', 'new', 'texts.jsonl', '--vocabulary', '100'], /A vocabulary of 100 is too small/],
    [['train', 'new', 'texts.jsonl', '--goldfish-k', '1'], /--goldfish-k is 1/],
    [['train', 'base', 'texts.jsonl'], /base holds another model/],
    [['train', 'new', 'texts.jsonl', '--recurrence', '1,2'], /--recurrence is 1,2: give three numbers/],
    [['train', 'new', 'texts.jsonl', '--recurrence', '1,0,1'], /--recurrence\.core/],
    [['train', 'new', 'texts.jsonl', '--runs', '3'], /--runs and --differentiated go with --recurrence/],
    [['score', 'base', 'texts.jsonl', '--runs', '3'], /--runs is for a model with a recurrent core; base/],
    [['generate', 'base', 'x', '--top-keys', '0'], /--top-keys.*whole number from 1 on/],
    [['finetune', 'none', 'new', 'texts.jsonl'], /none holds no model of the lab/],
    [['finetune', 'base', 'new', 'texts.jsonl', '--passes', '0'], /--passes is 0/],
    [['generate', 'base', 'x', '--temperature', '-1'], /--temperature is -1/],
    [['run', 'nothing'], /There is no experiment "nothing"; there are: leak/],
    [['run', 'leak', '--quick', '--full'], /Choose one of --quick and --full/],
    [['run', 'leak', '--generated', 'x.jsonl'], /--generated is for genqa, not for leak/],
    [['prompts'], /generator-conditional need topics: give --topics/],
    [['prompts', '--topics', 'none.txt'], /none\.txt cannot be read/],
    [['prompts', '--topics', 'empty.jsonl'], /empty\.jsonl has no topics/],
    [
      ['prompts', '--form', 'static', '--endpoint', 'http://127.0.0.1:1/v1'],
      /--endpoint, --model and --out go together/,
    ],
  ])('refuses %j', (args, message) => {
    const refused = lab(args as string[]);
    expect(refused.stderr).toMatch(message as RegExp);
    expect(refused.status).toBe(2);
  });

  it.each([
    [['train', 'few', 'few.jsonl', '--steps', '2'], /\d tokens are too few for a context of 128/],
    [['generate', 'cut', 'x'], /cut\/model\.safetensors is cut off or damaged/],
  ])('fails with words at data that cannot be used: %j', (args, message) => {
    writeFileSync(join(folder, 'few.jsonl'), JSON.stringify({ text: 'Few words.' }));
    cpSync(join(folder, 'base'), join(folder, 'cut'), { recursive: true });
    truncateSync(join(folder, 'cut/model.safetensors'), 5000);
    const failed = lab(args as string[]);
    expect(failed.stderr).toMatch(message as RegExp);
    expect(failed.stderr).not.toContain('    at ');
    expect(failed.status).toBe(1);
  });

  it('prints generator prompts as JSON lines', () => {
    writeFileSync(join(folder, 'topics.txt'), 'canals\n\n  tariffs \n');
    const { stdout, status } = lab(['prompts', '--topics', 'topics.txt', '--count', '3', '--seed', '2']);
    expect(status).toBe(0);
    const prompts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; topic: string; prompt: string });
    expect(prompts.map(({ topic }) => topic)).toEqual(['canals', 'tariffs', 'canals']);
    expect(prompts[0]!.prompt).toContain('List 40 subtopics of this subject: canals.');
  });

  it('says which experiments there are', () => {
    const { stdout } = lab(['run']);
    for (const name of ['leak', 'goldfish', 'recurrent-depth'])
      expect(stdout).toMatch(new RegExp(`^${name}: `, 'm'));
  });
});
