import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { angularKernel, readSketch } from '../../density/index.js';
import { chunkText, openUseLite } from '../../indexer/index.js';
import { englishPassages } from '../indexer/texts.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const SMALL = ['--sketch-mb', '1', '--bits', '10', '--seed', '5'];

function densimeter(cwd: string, ...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', cwd });
}

/** A folder with texts in a.jsonl and b.jsonl, and those of both in all.jsonl. */
function folderOfTexts(): { folder: string; texts: string[] } {
  const folder = tempFolder();
  const texts = englishPassages(60);
  const write = (name: string, of: string[]) =>
    writeFileSync(join(folder, name), of.map((text) => JSON.stringify({ text })).join('\n'));
  write('a.jsonl', texts.slice(0, 25));
  write('b.jsonl', texts.slice(25));
  write('all.jsonl', texts);
  return { folder, texts };
}

describe('densimeter sketch', () => {
  it('sketches texts; merged files are the file of all texts; asked, it gives densities with intervals', async () => {
    const { folder, texts } = folderOfTexts();
    const run = (...args: string[]) => densimeter(folder, 'sketch', ...args);
    for (const name of ['a', 'b', 'all']) {
      const made = run(`${name}.race`, `${name}.jsonl`, ...SMALL, '--json');
      expect(made.stderr).toContain('1 jsonl file');
      expect(made.status).toBe(0);
      expect(JSON.parse(made.stdout)).toMatchObject({
        kernel: { name: 'angular', power: 10 },
        rows: 256,
        seed: 5,
        bytes: { counters: 2 ** 20 },
      });
    }
    const merged = run('merge', 'ba.race', 'b.race', 'a.race', '--quiet');
    expect(merged).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const all = readSketch(join(folder, 'all.race'));
    // The embedder's own rounding depends on the batch: a text may have another code where a projection is nearly 0.
    const both = readSketch(join(folder, 'ba.race'));
    expect(both.n).toBe(all.n);
    const moved = both.counts.reduce((sum, count, i) => sum + Math.abs(count - all.counts[i]!), 0) / 2;
    expect(moved).toBeLessThan(all.n * 256 * 1e-3);

    const asked = ['We are met to consider the state of the Union.', texts[3]!];
    const words = run('query', 'ba.race', ...asked);
    expect(words.status).toBe(0);
    expect(words.stdout).toContain('angular kernel (1 − θ/π)^10');
    expect(words.stdout).toContain(`n = ${both.n} vectors of use-lite`);
    expect(words.stdout).toMatch(/log10 f -\d\.\d\d \(95%: .*We are met/);
    const { queries, n } = JSON.parse(run('query', 'ba.race', ...asked, '--json').stdout) as {
      n: number;
      queries: { density: number; standardError: number; interval: [number, number] }[];
    };
    expect(n).toBe(both.n);
    const embedder = await openUseLite();
    const chunks = texts.flatMap((text) =>
      chunkText(text, { by: 'sentences' }).map(({ start, end }) => text.slice(start, end)),
    );
    const { dims } = embedder;
    const { vectors } = await embedder.embed(chunks);
    const { vectors: queryVectors } = await embedder.embed(asked, 'query');
    await embedder.close();
    queries.forEach(({ density, standardError }, q) => {
      let sum = 0;
      for (let row = 0; row < vectors.length; row += dims) {
        let squares = 0;
        for (let i = 0; i < dims; i++) squares += (queryVectors[q * dims + i]! - vectors[row + i]!) ** 2;
        sum += angularKernel(Math.sqrt(squares), 10);
      }
      expect(Math.abs(density - sum / chunks.length), asked[q]!).toBeLessThan(4.5 * standardError);
    });
    expect(run('query', 'ba.race', 'One.', '--groups', '5').status).toBe(0);
  });

  it('exits with 2 for a wrong call, and with 1 for sketches that cannot be used', () => {
    const { folder } = folderOfTexts();
    const run = (...args: string[]) => densimeter(folder, 'sketch', ...args);
    expect(run('a.race', 'a.jsonl', ...SMALL)).toMatchObject({ status: 0 });
    expect(run('a.race', 'a.jsonl')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--replace') as string,
    });
    expect(run('a.race', 'a.jsonl', ...SMALL, '--replace', '--quiet').status).toBe(0);
    for (const [wrong, words] of [
      [['b.race', 'b.jsonl', '--bits', '30'], 'from 1 to 24'],
      [['b.race', 'b.jsonl', '--bandwidth', '3'], '--bandwidth'],
      [['b.race', 'b.jsonl', '--bandwidth', '0.2', '--bits', '9'], 'exclude each other'],
      [['b.race', 'b.jsonl', '--bits', '24'], 'rows of 2^24 counters'],
      [['b.race', 'b.jsonl', '--embeddings', 'x.npy'], '--embeddings'],
      [['nowhere/b.race', 'b.jsonl'], 'nowhere'],
      [['query', 'none.race', 'text'], 'none.race cannot be read'],
      [['query', 'a.race', 'text', '--groups', '1000'], '256 rows'],
    ] as const) {
      const { status, stderr } = run(...wrong);
      expect(stderr).toContain(words);
      expect(status).toBe(2);
    }
    expect(run('c.race', 'b.jsonl', ...SMALL, '--seed', '6').status).toBe(0);
    const other = run('merge', 'out.race', 'a.race', 'c.race');
    expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining('seed 6') as string });
    const digits = run('query', 'a.race', 'text', '--digits', 'abacus');
    expect(digits.status).toBe(1);
    expect(digits.stderr).toContain('give the options that the sketch was made with');
    const damaged = readFileSync(join(folder, 'a.race'));
    damaged[5000]! ^= 4;
    writeFileSync(join(folder, 'a.race'), damaged);
    expect(run('query', 'a.race', 'text')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('a.race is damaged') as string,
    });
  });

  it('explains itself', () => {
    for (const command of [['sketch'], ['sketch', 'merge'], ['sketch', 'query']]) {
      const help = densimeter(tempFolder(), ...command, '--help');
      expect(help.status).toBe(0);
      expect(help.stdout).toMatch(/Examples?:/);
      expect(help.stdout).toContain('--json');
    }
  });
});
