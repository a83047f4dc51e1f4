import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeDemoTexts } from '../../../experiments/index.js';
import { leakSuspectsOf, listLeakSearches, openStudy } from '../../../store/index.js';
import { built } from '../../support/built.js';
import { tempFolder } from '../../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();
const LEAKED = 12;

function densimeter(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 2 ** 26,
  });
  return { status, stdout, stderr };
}

const jsonl = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

/** Sentences of the demo's addresses, one in ten of them to ask about. */
function sentences(): string[] {
  mkdirSync(join(folder, 'texts'));
  writeDemoTexts(join(folder, 'texts'));
  return readFileSync(join(folder, 'texts/addresses.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .flatMap(
      (line) => (JSON.parse(line).text as string).match(/[A-Z][^.!?]{80,200}[.!?]/g)?.slice(0, 4) ?? [],
    );
}

beforeAll(() => {
  const all = [...new Set(sentences())];
  const asked = all.filter((_, i) => i % 10 === 0);
  const kept = all.filter((_, i) => i % 10 !== 0);
  const texts = [...kept, ...asked.slice(0, LEAKED)];
  // A tenth of the training texts comes twice: copies among themselves are no leaks, and must not hide them.
  const repeated = kept.filter((_, i) => i % 10 === 3);
  writeFileSync(join(folder, 'a.jsonl'), jsonl([...texts, ...repeated].map((text) => ({ text }))));
  writeFileSync(
    join(folder, 'q.jsonl'),
    jsonl(asked.map((text, i) => ({ id: `${i < LEAKED ? 'leaked' : 'fresh'}-${i}`, text }))),
  );
  writeFileSync(join(folder, 'few.jsonl'), jsonl(kept.slice(0, 5).map((text) => ({ text }))));
  for (const step of [
    ['index', 'mine', 'a.jsonl', '--chunk', 'document'],
    ['index', 'few', 'few.jsonl', '--chunk', 'document'],
    ['queries', 'set', 'q.jsonl', '--id', 'id', '--text', 'text'],
  ]) {
    const { status, stderr } = densimeter(...step);
    expect(status, stderr).toBe(0);
  }
});

describe('densimeter leaks', () => {
  it('finds the copies that were planted, and hardly anything else', () => {
    const { status, stdout, stderr } = densimeter('leaks', '--queries', 'set', '--corpora', 'mine', '--json');
    expect(status, stderr).toBe(0);
    const { suspects, threshold, calibrated, querySet } = JSON.parse(stdout);
    expect(querySet).toBe('set');
    expect(threshold).toBeCloseTo(3.09, 2);
    expect(calibrated).toBeGreaterThan(20);
    const suspected = suspects.filter((one: { suspected: boolean }) => one.suspected);
    const leaked = suspected.filter(({ key }: { key: string }) => key.includes('leaked'));
    expect(leaked).toHaveLength(LEAKED);
    for (const { text, nearest, similarity, copied, words } of leaked) {
      expect(nearest).toBe(text);
      expect(similarity).toBeCloseTo(1, 4);
      expect(copied).toBe(1);
      expect(words).toBeCloseTo(1, 9);
    }
    const fresh = suspects.length - LEAKED;
    expect((suspected.length - LEAKED) / fresh).toBeLessThan(0.05);
  });

  it('keeps the suspects in the study, in the place of an earlier search, and is the same by the same seed', () => {
    const again = () =>
      densimeter('leaks', '--queries', 'set', '--corpora', 'mine', '--json', '--seed', '5').stdout;
    const without = (json: string) => ({ ...JSON.parse(json), id: 0 });
    expect(without(again())).toEqual(without(again()));
    const study = openStudy(join(folder, 's'));
    const searches = listLeakSearches(study.db);
    expect(searches).toHaveLength(1);
    const suspects = leakSuspectsOf(study.db, searches[0]!.id);
    expect(suspects.map(({ score }) => score)).toEqual(
      suspects.map(({ score }) => score).toSorted((a, b) => b - a),
    );
    study.close();
  });

  it('says in words what was found and what a score is', () => {
    const { stdout } = densimeter('leaks', '--queries', 'set', '--corpora', 'mine', '--top', '3');
    expect(stdout).toMatch(/^Leaks of \d+ queries of set in mine: \d+ suspected \(\d+\.\d%\)\n/);
    expect(stdout).toMatch(/exponential kernel, h = \S+ \(auto: .*\), exact, n = [\d,]+ training points/);
    expect(stdout).toMatch(
      /calibrated on \d+ training texts: about 0\.\d of \d+ queries that were never leaked would be/,
    );
    expect(stdout.match(/^ {2}\+\d/gm)).toHaveLength(3);
  });

  it.each([
    [['--queries', 'none'], 2, 'none'],
    [['--queries', 'set', '--corpora', 'nowhere'], 2, 'There is no corpus "nowhere"'],
    [['--queries', 'set', '--alarm', '0.7'], 2, '--alarm is a share above 0 and below 0.5, not 0.7'],
    [[], 2, '--queries'],
    [
      ['--queries', 'set', '--corpora', 'few', '--effective-samples', '2'],
      1,
      'too few to tell what is usual',
    ],
  ])('refuses %j', (args, code, message) => {
    const { status, stderr } = densimeter('leaks', ...args);
    expect(status).toBe(code);
    expect(stderr).toContain(message);
  });
});
