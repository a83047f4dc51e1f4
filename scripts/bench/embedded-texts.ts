import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDemoTexts } from '../../experiments/index.js';
import {
  listCorpora,
  openCorpusVectors,
  openStudy,
  queriesOf,
  querySetByName,
  readQueryVectors,
} from '../../store/index.js';

// This file runs from dist/scripts/bench; the project is three folders up.
const project = fileURLToPath(new URL('../../../', import.meta.url));
/** The folder of real data, where it is there. */
export const shared = process.env.DENSIMETER_DATA ?? join(project, '../shared/data');
/** What takes long to make, and is the same each time, is kept here. */
export const CACHE = join(project, '.bench');

/** Sentence embeddings of texts. */
export interface EmbeddedTexts {
  /** `(rows, dims)` row-major, in the order of the texts. */
  vectors: Float32Array;
  /** Of the questions that nobody trained on, where they are there. */
  questions: Float32Array;
  dims: number;
  /** What the texts are of. */
  names: string[];
}

const QUESTIONS = 'gsm8k-test';
const MINILM_DIMS = 384;

/** The texts, with the options that `densimeter index` takes for them. */
function texts(): { name: string; files: string[]; options: string[] }[] {
  return [
    { name: 'addresses', files: [join(CACHE, 'texts/addresses.jsonl')], options: [] },
    { name: 'mmlu', files: [join(shared, 'mmlu/test')], options: [] },
    { name: 'gsm8k', files: [join(shared, 'gsm8k/train.jsonl')], options: ['--text', '{question} {answer}'] },
    {
      name: 'alpaca',
      files: [join(shared, 'alpaca/alpaca_en_demo.json')],
      options: ['--text', '{instruction} {output}'],
    },
    {
      name: 'commonsense',
      files: ['ARC-Easy', 'ARC-Challenge', 'openbookqa'].map((name) =>
        join(shared, `commonsense/${name}-train.json`),
      ),
      options: [],
    },
    { name: 'c4', files: [join(shared, 'pretrain-text/c4_demo.jsonl')], options: [] },
    { name: 'wikipedia', files: [join(shared, 'pretrain-text/wiki_demo.txt')], options: [] },
  ].filter(({ files }) => files.every((file) => existsSync(file)) || files[0]!.startsWith(CACHE));
}

/** The sentences of the demo's addresses and of the shared data, where it is there, embedded by `densimeter index`. */
export function embeddedTexts(): EmbeddedTexts {
  const dir = join(CACHE, 'study');
  writeDemoTexts(join(CACHE, 'texts'));
  for (const { name, files, options } of texts())
    densimeter('index', name, ...files, ...options, '--study', dir);
  const questions = join(shared, 'gsm8k/test.jsonl');
  if (existsSync(questions))
    densimeter('queries', QUESTIONS, questions, '--text', 'question', '--study', dir);
  const study = openStudy(dir);
  try {
    const corpora = listCorpora(study.db);
    const { dims } = corpora[0]!;
    const rows = corpora.reduce((sum, { chunks }) => sum + chunks, 0);
    const vectors = new Float32Array(rows * dims);
    let at = 0;
    for (const corpus of corpora) {
      const reader = openCorpusVectors(study, corpus);
      reader.read(0, corpus.chunks, vectors.subarray(at * dims));
      reader.close();
      at += corpus.chunks;
    }
    const asked = querySetByName(study.db, QUESTIONS);
    const count = asked ? queriesOf(study.db, asked.id).length : 0;
    return {
      ...{ vectors, dims },
      questions: asked ? readQueryVectors(study, QUESTIONS, count) : new Float32Array(0),
      names: corpora.map(({ name }) => name),
    };
  } finally {
    study.close();
  }
}

/** Runs the built command, quietly, and gives what it printed on stdout. */
export function densimeter(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(project, 'dist/cli/main.js'), ...args, ...(args.includes('--json') ? [] : ['--quiet'])],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`densimeter ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The vectors of all-MiniLM-L6-v2 in the shared data, or undefined where they are not there. */
export function minilmTexts(): EmbeddedTexts | undefined {
  const file = join(shared, 'minilm-embeddings/embeddings.bin');
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const vectors = new Float32Array(bytes.byteLength / Float32Array.BYTES_PER_ELEMENT);
  new Uint8Array(vectors.buffer).set(bytes);
  return { vectors, questions: new Float32Array(0), dims: MINILM_DIMS, names: ['software guides'] };
}
