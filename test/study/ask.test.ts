import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate } from '../../density/index.js';
import { indexCorpus, openUseLite, type SourceDocument } from '../../indexer/index.js';
import {
  corpusNamed,
  openStudy,
  replaceMeasurement,
  replaceQuerySet,
  type Study,
} from '../../store/index.js';
import { ask } from '../../study/index.js';
import { stateOfTheUnion } from '../indexer/texts.js';
import { tempFolder } from '../support/temp-folder.js';

let study: Study;

async function* documents(source: string, texts: readonly string[]): AsyncGenerator<SourceDocument> {
  for (const [i, text] of texts.entries()) yield { key: `${source}${i}`, text, source, meta: {} };
}

beforeAll(async () => {
  study = openStudy(tempFolder(), { write: true });
  const embedder = await openUseLite();
  const sentences = stateOfTheUnion()[20]!
    .match(/[^.]{30,200}\./g)!
    .slice(0, 60);
  const options = {
    role: 'pretrain' as const,
    chunk: { by: 'document' as const },
    holdOut: 0,
    seed: 1,
    key: 'k',
  };
  await indexCorpus(study, embedder, documents('a', sentences.slice(0, 40)), { ...options, name: 'first' });
  await indexCorpus(study, embedder, documents('b', sentences.slice(40)), { ...options, name: 'second' });
  await embedder.close();
});
afterAll(() => study.close());

const OPTIONS = { kernel: 'exponential' as const, neighbours: 2 };

describe('ask', () => {
  it('knows a training text, where it is from, and what would be left without its source', async () => {
    const [text] = study.db.prepare<[], string>(`SELECT text FROM documents WHERE key = 'b3'`).pluck().all();
    const answers = await ask(study, [text!, 'Basalt cools into hexagonal columns.'], {
      ...OPTIONS,
      bandwidth: 0.05,
    });
    expect(answers).toMatchObject({
      corpora: ['first', 'second'],
      points: 60,
      bandwidth: 0.05,
      bandwidthRule: 'given',
    });
    const [known, unknown] = answers.densities;
    expect(known!.log10Density).toBeCloseTo(Math.log10(1 / 60), 2);
    expect(known!.sources[0]).toMatchObject({ corpus: 'second', source: 'b' });
    expect(known!.sources[0]!.share).toBeGreaterThan(0.99);
    expect(known!.neighbours[0]).toMatchObject({ corpus: 'second', document: 'b3', text: text!.trim() });
    expect(known!.neighbours[0]!.distance).toBeLessThan(1e-3);
    expect(known!.percentile).toBeUndefined();
    expect(unknown!.log10Density).toBeLessThan(known!.log10Density);

    // Without the source, measured: the first corpus alone.
    const alone = await ask(study, [text!], { ...OPTIONS, corpora: ['first'], bandwidth: 0.05 });
    const { without } = known!.sources[0]!;
    expect(known!.log10Density + without).toBeCloseTo(alone.densities[0]!.log10Density, 3);
    expect(alone.densities[0]!.sources[0]!.without).toBe(Number.NEGATIVE_INFINITY);
  });

  it('names the documents that hold most, and what they hold together', async () => {
    const [text] = study.db.prepare<[], string>(`SELECT text FROM documents WHERE key = 'b3'`).pluck().all();
    const { densities } = await ask(study, [text!], { ...OPTIONS, bandwidth: 0.2, documents: 60 });
    const { documents, sources } = densities[0]!;
    expect(documents).toHaveLength(60);
    expect(documents[0]).toMatchObject({ corpus: 'second', document: 'b3' });
    expect(documents[0]!.cumulative).toBe(documents[0]!.share);
    expect(documents.at(-1)!.cumulative).toBeCloseTo(1, 6);
    const held = documents.filter(({ corpus }) => corpus === 'second').reduce((sum, d) => sum + d.share, 0);
    expect(held).toBeCloseTo(sources.find(({ source }) => source === 'b')!.share, 6);
    const few = await ask(study, [text!], { ...OPTIONS, bandwidth: 0.2, documents: 2 });
    expect(few.densities[0]!.documents).toEqual(documents.slice(0, 2));
    expect((await ask(study, [text!], OPTIONS)).densities[0]!.documents).toEqual([]);
  });

  it('reads a density by the calibration, at its bandwidth', async () => {
    const { fingerprint } = corpusNamed(study.db, 'first');
    const calibration = await calibrate(study, {
      ...{ corpora: ['first', 'second'], fingerprint, kernel: 'exponential', sample: 30, seed: 1 },
      bandwidth: { effectiveSamples: 10 },
    });
    const [text] = study.db.prepare<[], string>(`SELECT text FROM documents WHERE key = 'a1'`).pluck().all();
    const answers = await ask(study, [text!, '1 2 3 4'], OPTIONS);
    expect(answers).toMatchObject({
      bandwidth: calibration.bandwidth,
      bandwidthRule: 'that of the calibration',
    });
    expect(answers.densities[0]!.percentile).toBe(1);
    expect(answers.densities[1]!.percentile).toBeLessThan(0.2);
    const elsewhere = await ask(study, ['peace'], { ...OPTIONS, bandwidth: 0.3 });
    expect(elsewhere.densities[0]!.percentile).toBeUndefined();
  });

  it('gives the density at other bandwidths, each with a bound of its error', async () => {
    const curve = [0.4, 0.1];
    const { densities } = await ask(study, ['peace'], { ...OPTIONS, bandwidth: 0.2, curve });
    expect(densities[0]!.curve.map(({ bandwidth }) => bandwidth)).toEqual([0.1, 0.4]);
    for (const { bandwidth, log10Density, errorBound } of densities[0]!.curve) {
      const alone = await ask(study, ['peace'], { ...OPTIONS, bandwidth });
      const [measured] = alone.densities;
      expect(measured).toMatchObject({ curve: [], touched: 1, log10Low: measured!.log10Density });
      expect(Math.abs(measured!.log10Density - log10Density)).toBeLessThanOrEqual(errorBound + 1e-4);
    }
  });

  it('refuses an empty text and a corpus that is not there', async () => {
    await expect(ask(study, ['peace', ' '], OPTIONS)).rejects.toThrow('Text 2 is empty');
    await expect(ask(study, ['peace'], { ...OPTIONS, corpora: ['third'] })).rejects.toThrow(
      'there are: first, second',
    );
  });

  it('takes the bandwidth of the newest measurement, but of none behind a projection', async () => {
    const { embedder, fingerprint, dims } = corpusNamed(study.db, 'first');
    const { id } = replaceQuerySet(study.db, { name: 'none', embedder, fingerprint, dims }, []);
    const about = { querySetId: id, corpora: ['second'], kernel: 'exponential', estimator: 'exact', seed: 1 };
    const rest = {
      bandwidthRule: 'given',
      estimatorRule: 'given',
      relativeError: null,
      budget: null,
      points: 20,
    };
    for (const [name, bandwidth] of [
      ['base', 0.21],
      ['control-projection', 0.02],
    ] as const) {
      replaceMeasurement(study.db, { ...about, ...rest, name, bandwidth }, []);
    }
    const answers = await ask(study, ['peace'], { ...OPTIONS, corpora: ['second'] });
    expect(answers).toMatchObject({ bandwidth: 0.21, bandwidthRule: 'that of measurement base' });
  });
});
