import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSketch, readSketch, writeSketch } from '../../../density/index.js';
import { DataError, UsageError } from '../../../store/index.js';
import { tempFolder } from '../../support/temp-folder.js';
import { unitVectors } from '../../support/unit-vectors.js';

const SETTINGS = { dims: 12, bits: 5, rows: 20, seed: -7, embedder: { name: 'été', fingerprint: 'f00d' } };

async function written(): Promise<{ file: string; sketch: ReturnType<typeof openSketch> }> {
  const sketch = openSketch(SETTINGS);
  await sketch.add(unitVectors(100, 12, 3));
  const file = join(tempFolder(), 'a.race');
  writeSketch(file, sketch);
  return { file, sketch };
}

describe('a sketch’s file', () => {
  it('gives back the same sketch, which goes on as the first would', async () => {
    const { file, sketch } = await written();
    const read = readSketch(file);
    expect(read.settings).toEqual(SETTINGS);
    expect(read.n).toBe(100);
    expect(read.counts).toEqual(sketch.counts);
    const more = unitVectors(50, 12, 4);
    await sketch.add(more);
    await read.add(more);
    expect(read.counts).toEqual(sketch.counts);
    expect(await read.query(more)).toEqual(await sketch.query(more));
    expect(existsSync(`${file}.tmp`)).toBe(false);
  });

  it('may be of an empty sketch without an embedder', () => {
    const file = join(tempFolder(), 'empty.race');
    writeSketch(file, openSketch({ dims: 3, bits: 1, rows: 2, seed: 0 }));
    expect(readSketch(file)).toMatchObject({ n: 0, settings: { dims: 3, bits: 1, rows: 2, seed: 0 } });
  });

  it('is refused with any byte flipped', async () => {
    const { file } = await written();
    const sound = readFileSync(file);
    const bad = `${file}.bad`;
    for (let at = 0; at < sound.length; at += at < 100 ? 1 : 37) {
      const flipped = Buffer.from(sound);
      flipped[at]! ^= 1 << (at % 8);
      writeFileSync(bad, flipped);
      expect(() => readSketch(bad), `byte ${at}`).toThrow(DataError);
    }
  });

  it('is refused where it was cut short or is another file', async () => {
    const { file } = await written();
    const { length } = readFileSync(file);
    for (const size of [0, 5, 30, 60, length - 1]) {
      const bad = `${file}.${size}`;
      copyFileSync(file, bad);
      truncateSync(bad, size);
      expect(() => readSketch(bad), `${size} bytes`).toThrow(DataError);
    }
    writeFileSync(`${file}.long`, Buffer.concat([readFileSync(file), Buffer.alloc(4)]));
    expect(() => readSketch(`${file}.long`)).toThrow('is damaged');
    writeFileSync(`${file}.text`, 'density '.repeat(30));
    expect(() => readSketch(`${file}.text`)).toThrow('is not a sketch');
    expect(() => readSketch(`${file}.nowhere`)).toThrow(UsageError);
  });

  it('is refused where it has other settings than are asked for', async () => {
    const { file } = await written();
    expect(readSketch(file, SETTINGS).n).toBe(100);
    for (const other of [{ dims: 13 }, { bits: 6 }, { rows: 21 }, { seed: 7 }]) {
      expect(() => readSketch(file, other)).toThrow(DataError);
    }
    expect(() => readSketch(file, { embedder: { name: 'b', fingerprint: 'beef' } })).toThrow('two embedders');
  });
});
