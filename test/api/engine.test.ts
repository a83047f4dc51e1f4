import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../api/engine/index.js';
import { openStudy } from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { makeAskedStudy, unseenSentences } from './asked-study.js';

const dir = tempFolder();
beforeAll(() => makeAskedStudy(dir));

const question = {
  ...{ corpora: undefined, kernel: 'exponential' as const, bandwidth: 0.2, neighbours: 2 },
  estimator: { name: 'auto' },
} as const;

describe('the engine', () => {
  it('gives the same whether questions ride together or come alone, as texts and with documents', async () => {
    const study = openStudy(dir);
    const engine = openEngine(study);
    const texts = unseenSentences(6);
    const together = (await Promise.all(texts.map((text) => engine.ask([text], question)))).flat();
    await engine.close();
    const other = openEngine(study);
    const alone = await other.ask(texts, { ...question, documents: 1 });
    await other.close();
    study.close();
    for (const [i, { density }] of together.entries()) {
      expect(density.text).toBe(texts[i]);
      expect(density.log10Density).toBeCloseTo(alone[i]!.density.log10Density, 6);
      expect(density.neighbours.map(({ text }) => text)).toEqual(
        alone[i]!.density.neighbours.map(({ text }) => text),
      );
    }
  });

  it('starts nothing any more once it is closed', async () => {
    const study = openStudy(dir);
    const engine = openEngine(study);
    const waiting = engine.ask(['A text.'], question);
    const failed = expect(waiting).rejects.toThrow(/clos|ended/);
    await engine.close();
    await failed;
    await expect(engine.ask(['Another.'], question)).rejects.toThrow('The server is closing.');
    study.close();
  });
});
