import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRuns, openStudy } from '../../../store/index.js';
import { readStudyFile, runStudy } from '../../../study/index.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { tempFolder } from '../../support/temp-folder.js';
import { completionsServer } from '../outcomes/completions-server.js';

const QUESTIONS = 24;

/** A study whose run is as given. */
function studyFolder(run: string): string {
  const folder = tempFolder();
  const rows = Array.from({ length: QUESTIONS }, (_, i) => ({
    id: i,
    text: `Which port did the ship number ${i} leave on its way to the harbour?`,
    answer: `Port ${i}`,
    subject: `subject ${i % 6}`,
  }));
  const texts = rows.map(({ id }) => ({
    id,
    text: `The ship number ${id} sailed to a harbour in the north.`,
  }));
  const jsonl = (all: readonly object[]) => all.map((row) => JSON.stringify(row)).join('\n');
  writeFileSync(join(folder, 'texts.jsonl'), jsonl(texts));
  writeFileSync(join(folder, 'questions.jsonl'), jsonl(rows));
  writeFileSync(
    join(folder, 'study.yaml'),
    `
corpora:
  ships: {files: texts.jsonl, id: id, chunk: {by: document}}
queries:
  - {files: questions.jsonl, id: id, source: subject, meta: [answer]}
density: {effective_samples: 5, neighbours: 2, kernels: [exponential]}
runs:
  model: ${run}
regression: {group_by: source, folds: 3}
`,
  );
  return folder;
}

async function run(folder: string) {
  const study = openStudy(join(folder, 'out'), { write: true });
  const said: string[] = [];
  try {
    const file = readStudyFile(join(folder, 'study.yaml'));
    const { report } = await runStudy(study, file, { onProgress: () => {}, say: (line) => said.push(line) });
    return { report, said, runs: listRuns(study.db) };
  } finally {
    study.close();
  }
}

describe('a study whose model scores', () => {
  it('asks an endpoint for every answer once', async () => {
    const server = await completionsServer({
      way: 'echo',
      tokens: (prompt) => prompt.split(/(?= )/).map((text, i) => ({ text, logprob: i === 0 ? null : -2 })),
    });
    try {
      const folder = studyFolder(
        `{scorer: endpoint, url: "${server.url}", model: ships-1b, target: answer, covariates: {params: 1.0e+9}}`,
      );
      const { report, said, runs } = await run(folder);
      expect(said.find((line) => line.startsWith('score model'))).toContain(
        'ships-1b: 24 queries, 2.000 nats',
      );
      expect(runs).toMatchObject([{ name: 'model', scorer: 'endpoint', covariates: { params: 1e9 } }]);
      expect(report.queries.map(({ loss }) => loss)).toEqual(Array(QUESTIONS).fill(2));
      // Losses that are all alike leave nothing to explain, and are reported without a regression.
      expect(report).toMatchObject({ regressions: [], headline: null });
      const asked = server.requests.length;
      const again = await run(folder);
      expect(again.said.find((line) => line.startsWith('score model'))).toContain('unchanged');
      expect(server.requests).toHaveLength(asked);
    } finally {
      await server.close();
    }
  });

  it.skipIf(skipping('stories260K', whyNoData('models', 'stories260K')))(
    'reads a model as ONNX from its folder',
    async () => {
      const model = sharedData('models', 'stories260K');
      const { report, runs } = await run(studyFolder(`{scorer: onnx, model: ${JSON.stringify(model)}}`));
      expect(runs).toMatchObject([{ name: 'model', scorer: 'onnx' }]);
      for (const { loss } of report.queries) expect(loss).toBeGreaterThan(1);
    },
  );

  it('is refused with the key that is wrong', () => {
    const folder = studyFolder('{scorer: endpoint, url: nowhere, model: m}');
    expect(() => readStudyFile(join(folder, 'study.yaml'))).toThrow(
      /line 8: runs\.model\.url: give the endpoint as http:\/\/host:port\/v1/,
    );
  });
});
