import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mean } from 'd3';
import { writeDemoTexts } from '../../experiments/index.js';
import {
  densitiesOf,
  lossesOf,
  measurementNamed,
  openStudy,
  queriesOf,
  querySetNamed,
} from '../../store/index.js';
import { densimeter, shared } from './embedded-texts.js';
import { type BenchRow, summarise } from './row.js';

const COUNT = 100;
const WORST = 0.1;
const SEEDS = [1, 2, 3];
const WAYS = ['utility', 'nearest', 'random', 'inverse-density'] as const;
type Way = (typeof WAYS)[number];

/** What is there, what could be added, and what is asked. */
interface Setting {
  name: string;
  base: string[];
  candidates: string[];
  queries: string[];
}

/** What a hundred documents did for the worst supported tenth of the queries. */
interface Effect {
  way: Way;
  /** Rise of the mean log10 density. */
  density: number;
  /** Fall of the mean loss of the embedded model trained again with them, nats a token. */
  loss: number;
}

/** A hundred documents chosen by utility against as many of other choices: the density they bring, and what retraining makes of it. */
export async function benchSelect(): Promise<BenchRow[]> {
  const settings = [addresses(), ...arithmetic()];
  return settings.flatMap((setting) => {
    const effects = effectsOf(setting);
    const { name, base, candidates, queries } = setting;
    const note = `${base.length} texts, ${candidates.length} candidates, the worst ${100 * WORST} % of ${queries.length} queries, ${COUNT} chosen; random and inverse-density: seeds ${SEEDS.join(', ')}; median rise of log10 density and fall of loss: ${WAYS.map((way) => `${way} ${middle(effects, way, 'density').toFixed(3)} and ${middle(effects, way, 'loss').toFixed(4)}`).join(', ')}`;
    return (['density', 'loss'] as const).flatMap((what) =>
      (['random', 'nearest'] as const).map((other): BenchRow => {
        const figures = effects.filter(({ way }) => way === 'utility').map((effect) => effect[what]);
        const { median, range } = summarise(figures);
        const theirs = middle(effects, other, what);
        return {
          name: `select_${name}_${what}_vs_${other}`,
          value: median,
          unit: what === 'density' ? 'log10' : 'nats/token',
          range,
          against: `${other}: ${theirs.toPrecision(3)}`,
          ratio: theirs > 0 ? median / theirs : null,
          goal: '> 1x',
          met: median > theirs,
          note,
        };
      }),
    );
  });
}

function middle(effects: readonly Effect[], way: Way, what: 'density' | 'loss'): number {
  return summarise(effects.filter((effect) => effect.way === way).map((effect) => effect[what])).median;
}

function effectsOf({ base, candidates, queries }: Setting): Effect[] {
  const folder = mkdtempSync(join(tmpdir(), 'densimeter-select-'));
  try {
    const dir = join(folder, 'study');
    const study = ['--study', dir];
    const write = (name: string, texts: readonly string[]) => {
      const file = join(folder, `${name}.jsonl`);
      writeFileSync(file, texts.map((text, id) => `${JSON.stringify({ id, text })}\n`).join(''));
      return file;
    };
    const index = (name: string, file: string) =>
      densimeter('index', name, file, '--id', 'id', '--text', 'text', '--chunk', 'document', ...study);
    index('base', write('base', base));
    index('candidates', write('candidates', candidates));
    densimeter('queries', 'queries', write('queries', queries), '--id', 'id', '--text', 'text', ...study);
    densimeter('measure', 'queries', '--corpora', 'base', ...study);
    densimeter('score', 'base', '--queries', 'queries', '--model', 'ngram', '--corpora', 'base', ...study);
    const before = worstOf(dir, 'base', 'base');
    return WAYS.flatMap((way) => {
      const drawn = way === 'random' || way === 'inverse-density';
      return (drawn ? SEEDS : [1]).map((seed): Effect => {
        const name = `${way}-${seed}`;
        const out = join(folder, `${name}.jsonl`);
        const run = way === 'utility' ? ['--run', 'base'] : [];
        densimeter(
          ...['select', '--for', 'queries', '--from', 'candidates', '-k', String(COUNT), '--by', way],
          ...['--worst', String(WORST), '--seed', String(seed), ...run, '--out', out, ...study],
        );
        densimeter('index', name, out, '--id', 'document', '--text', 'text', '--chunk', 'document', ...study);
        densimeter(
          'measure',
          'queries',
          '--corpora',
          `base,${name}`,
          '--bandwidth',
          String(before.bandwidth),
          '--name',
          name,
          ...study,
        );
        densimeter(
          'score',
          name,
          '--queries',
          'queries',
          '--model',
          'ngram',
          '--corpora',
          `base,${name}`,
          ...study,
        );
        const after = worstOf(dir, name, name, before.ids);
        return { way, density: after.density - before.density, loss: before.loss - after.loss };
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The mean log10 density and loss of the worst supported queries, or of those given. */
function worstOf(dir: string, measurement: string, run: string, given?: readonly number[]) {
  const study = openStudy(dir);
  try {
    const set = querySetNamed(study.db, 'queries');
    const { id, bandwidth } = measurementNamed(study.db, measurement, 'exponential', set.id)!;
    const densities = densitiesOf(study.db, id);
    const losses = lossesOf(study.db, run);
    const ids =
      given ??
      queriesOf(study.db, set.id)
        .map((query) => query.id)
        .sort((a, b) => densities.get(a)!.log10Density - densities.get(b)!.log10Density)
        .slice(0, Math.round(WORST * densities.size));
    return {
      ...{ ids, bandwidth },
      density: mean(ids, (query) => densities.get(query)!.log10Density)!,
      loss: mean(ids, (query) => losses.get(query)!)!,
    };
  } finally {
    study.close();
  }
}

const PASSAGE = /[^.!?]{100,300}[.!?]/g;

/** Addresses of every other year; candidates from the other years and half of Moby Dick; queries from texts of both that are in neither. */
function addresses(): Setting {
  const folder = mkdtempSync(join(tmpdir(), 'densimeter-texts-'));
  try {
    writeDemoTexts(folder);
    const passages = (file: string) =>
      readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) =>
          ((JSON.parse(line) as { text: string }).text.match(PASSAGE) ?? []).map((text) => text.trim()),
        );
    const texts = passages('addresses.jsonl');
    const chapters = passages('moby-dick.jsonl');
    const asked = (i: number) => i % 10 === 1;
    const every = (all: readonly string[], step: number) => all.filter((_, i) => i % step === 0);
    return {
      name: 'addresses',
      base: texts.filter((_, i) => i % 2 === 0).flat(),
      candidates: [
        ...texts.filter((_, i) => i % 2 === 1 && !asked(i)).flat(),
        ...chapters.filter((_, i) => i % 2 === 0).flat(),
      ],
      queries: [
        ...every(texts.filter((_, i) => asked(i)).flat(), 4),
        ...every(chapters.filter((_, i) => i % 2 === 1).flat(), 20),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Half of GSM8K's training questions; candidates from the other half and Alpaca; its test questions. */
function arithmetic(): Setting[] {
  const files = ['gsm8k/train.jsonl', 'gsm8k/test.jsonl', 'alpaca/alpaca_en_demo.json'];
  const absent = files.find((file) => !existsSync(join(shared, file)));
  if (absent !== undefined) {
    process.stderr.write(`select: GSM8K is not measured, as there is no ${join(shared, absent)}\n`);
    return [];
  }
  const read = (file: string) => readFileSync(join(shared, file), 'utf8');
  const questions = (file: string) =>
    read(file)
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { question: string }).question.trim());
  const train = questions('gsm8k/train.jsonl');
  const alpaca = JSON.parse(read('alpaca/alpaca_en_demo.json')) as { instruction: string; output: string }[];
  return [
    {
      name: 'gsm8k',
      base: train.filter((_, i) => i % 2 === 0),
      candidates: [
        ...train.filter((_, i) => i % 2 === 1),
        ...alpaca.map(({ instruction, output }) => `${instruction}\n${output}`),
      ],
      queries: questions('gsm8k/test.jsonl'),
    },
  ];
}
