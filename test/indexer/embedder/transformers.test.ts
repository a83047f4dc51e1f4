import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { AutoTokenizer, env, pipeline } from '@xenova/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TransformersChoice } from '../../../indexer/embedder/embedder-choice.js';
import { textEncoder } from '../../../indexer/embedder/text-ids.js';
import { type Embedder, openEmbedder } from '../../../indexer/index.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { tempFolder } from '../../support/temp-folder.js';
import { englishPassages } from '../texts.js';

const MODEL = sharedData('models', 'glove-twitter-25d');
const TEXTS = [
  'the president spoke to the congress',
  'a long text '.repeat(40),
  'the congress heard the president',
  ...englishPassages(60),
];

const choice = (more: Partial<TransformersChoice> = {}): TransformersChoice => ({
  kind: 'transformers',
  model: MODEL,
  dtype: 'fp32',
  ...more,
});

const open: Embedder[] = [];
async function opened(more: Partial<TransformersChoice> = {}): Promise<Embedder> {
  const embedder = await openEmbedder(choice(more));
  open.push(embedder);
  return embedder;
}
afterAll(() => Promise.all(open.map((embedder) => embedder.close())));

const row = (vectors: Float32Array, i: number) => vectors.subarray(i * 25, (i + 1) * 25);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, k) => sum + x * b[k]!, 0);

describe('openEmbedder with a transformers.js model', () => {
  it('says what cannot be loaded', async () => {
    await expect(openEmbedder(choice({ model: '/nowhere/model' }))).rejects.toThrow('/nowhere/model');
  });
});

describe.skipIf(skipping('a real transformers.js model', whyNoData('models', 'glove-twitter-25d')))(
  'glove-twitter-25d',
  () => {
    describe.each(['fp32', 'q8'] as const)('as %s', (dtype) => {
      it('gives unit vectors in the order of the texts, alike for like texts', async () => {
        const embedder = await opened({ dtype });
        const { vectors, tokens } = await embedder.embed(TEXTS);
        expect(embedder.dims).toBe(25);
        for (let i = 0; i < TEXTS.length; i++) {
          expect(dot(row(vectors, i), row(vectors, i))).toBeCloseTo(1, 5);
        }
        expect(dot(row(vectors, 0), row(vectors, 2))).toBeGreaterThan(dot(row(vectors, 0), row(vectors, 1)));
        expect(tokens).toBe(TEXTS.reduce((sum, text) => sum + embedder.countTokens(text), 0));
      });

      it('gives a text the same vector alone and among others, in any order', async () => {
        const embedder = await opened({ dtype });
        const { vectors } = await embedder.embed(TEXTS);
        const { vectors: turned } = await embedder.embed([...TEXTS].reverse());
        for (const [i, text] of TEXTS.entries()) {
          const { vectors: alone } = await embedder.embed([text]);
          for (let j = 0; j < 25; j++) {
            expect(alone[j]!).toBeCloseTo(row(vectors, i)[j]!, 6);
            expect(row(turned, TEXTS.length - 1 - i)[j]!).toBeCloseTo(row(vectors, i)[j]!, 6);
          }
        }
      });
    });

    it('has a fingerprint of its files, dtype, pooling and prefixes', async () => {
      const prefix = { query: 'query: ', passage: '' };
      const copy = join(tempFolder(), 'copy');
      cpSync(MODEL, copy, { recursive: true });
      writeFileSync(join(copy, 'README.md'), 'not of the model');
      const [plain, moved, ...others] = await Promise.all([
        opened(),
        opened({ model: copy }),
        opened({ dtype: 'q8' }),
        opened({ pooling: 'max' }),
        opened({ prefix }),
      ]);
      expect(moved!.fingerprint).toBe(plain!.fingerprint);
      expect(new Set([plain!, ...others].map(({ fingerprint }) => fingerprint)).size).toBe(4);
    });

    it('puts a prefix of its own before queries and passages', async () => {
      const plain = await opened();
      const prefixed = await opened({ prefix: { query: 'question ', passage: 'answer ' } });
      const [text] = TEXTS;
      for (const [role, prefix] of [
        ['query', 'question '],
        ['passage', 'answer '],
      ] as const) {
        const { vectors, tokens } = await prefixed.embed([text!], role);
        expect({ vectors, tokens }).toEqual(await plain.embed([prefix + text]));
        expect(tokens).toBe(plain.countTokens(text!) + 1);
      }
      expect(prefixed.countTokens(text!)).toBe(plain.countTokens(text!));
    });

    describe('pools the vectors of the tokens', () => {
      /** The vectors of a text's tokens, straight from the model. */
      let tokens: number[][];

      beforeAll(async () => {
        const extract = await pipeline('feature-extraction', MODEL, { dtype: 'fp32', device: 'cpu' });
        tokens = (await extract(TEXTS[0]!)).tolist()[0];
        await extract.dispose();
      });

      it.each<[TransformersChoice['pooling'], (column: number[]) => number]>([
        ['mean', (column) => column.reduce((sum, x) => sum + x) / column.length],
        ['cls', (column) => column[0]!],
        ['max', (column) => Math.max(...column)],
        ['last', (column) => column.at(-1)!],
      ])('by %s', async (pooling, pool) => {
        const raw = tokens[0]!.map((_, j) => pool(tokens.map((vector) => vector[j]!)));
        const norm = Math.hypot(...raw);
        // Among longer texts, so that it is padded.
        const { vectors } = await (await opened({ pooling })).embed(TEXTS);
        raw.forEach((x, j) => {
          expect(vectors[j]!).toBeCloseTo(x / norm, 6);
        });
      });
    });

    describe('reads the files of Sentence Transformers', () => {
      function withFiles(files: Record<string, unknown>): string {
        const folder = join(tempFolder(), 'model');
        for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx']) {
          mkdirSync(dirname(join(folder, file)), { recursive: true });
          copyFileSync(join(MODEL, file), join(folder, file));
        }
        for (const [file, content] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, file)), { recursive: true });
          writeFileSync(join(folder, file), JSON.stringify(content));
        }
        return folder;
      }
      const pooling = (...modes: string[]) => ({
        '1_Pooling/config.json': {
          word_embedding_dimension: 25,
          pooling_mode_cls_token: false,
          pooling_mode_mean_tokens: false,
          ...Object.fromEntries(modes.map((mode) => [`pooling_mode_${mode}`, true])),
        },
      });

      it.each([
        ['mean_tokens', 'mean'],
        ['cls_token', 'cls'],
        ['max_tokens', 'max'],
        ['lasttoken', 'last'],
      ] as const)('for the pooling %s', async (mode, expected) => {
        const asked = await opened({ model: withFiles(pooling(mode)) });
        const told = await opened({ pooling: expected });
        expect(await asked.embed(TEXTS)).toEqual(await told.embed(TEXTS));
      });

      it('unless the choice says another pooling', async () => {
        const model = withFiles(pooling('cls_token'));
        const { vectors } = await (await opened({ model, pooling: 'max' })).embed(TEXTS);
        expect(vectors).toEqual((await (await opened({ pooling: 'max' })).embed(TEXTS)).vectors);
      });

      it('and refuses poolings that are not known', async () => {
        await expect(opened({ model: withFiles(pooling('mean_tokens', 'max_tokens')) })).rejects.toThrow(
          /pooling_mode_mean_tokens and pooling_mode_max_tokens; set pooling/,
        );
        await expect(opened({ model: withFiles(pooling('weightedmean_tokens')) })).rejects.toThrow(
          'set pooling',
        );
      });

      it('for the prefixes, unless the choice says others', async () => {
        const prompts = { query: 'question ', document: 'answer ' };
        const model = withFiles({ 'config_sentence_transformers.json': { prompts } });
        const asked = await opened({ model });
        const told = await opened({ prefix: { query: 'question ', passage: 'answer ' } });
        for (const role of ['query', 'passage'] as const) {
          expect(await asked.embed(TEXTS, role)).toEqual(await told.embed(TEXTS, role));
        }
        const without = await opened({ model, prefix: { query: '', passage: '' } });
        expect(await without.embed(TEXTS, 'query')).toEqual(await (await opened()).embed(TEXTS, 'query'));
      });

      it('for the longest text', async () => {
        const embedder = await opened({
          model: withFiles({ 'sentence_bert_config.json': { max_seq_length: 3 } }),
        });
        expect(embedder.maxTokens).toBe(3);
        const { vectors, tokens } = await embedder.embed(['the president spoke to the congress']);
        expect(tokens).toBe(3);
        expect({ vectors, tokens }).toEqual(await embedder.embed(['the president spoke']));
      });

      it('and says which of them is not as it should be', async () => {
        const model = withFiles({ 'config_sentence_transformers.json': { prompts: { query: 1 } } });
        await expect(opened({ model })).rejects.toThrow(
          /config_sentence_transformers\.json is not as expected/,
        );
      });
    });

    it('reads a model and its settings from a hub, once', async () => {
      const asked: string[] = [];
      const hub = createServer((request, response) => {
        asked.push(request.url!);
        const file = request.url!.replace('/some/model/resolve/main/', '');
        try {
          const body =
            file === '1_Pooling/config.json'
              ? '{"pooling_mode_max_tokens":true}'
              : readFileSync(join(MODEL, file));
          response.end(body);
        } catch {
          response.writeHead(404).end();
        }
      });
      await new Promise<void>((done) => hub.listen(0, '127.0.0.1', done));
      const before = { remoteHost: env.remoteHost, cacheDir: env.cacheDir };
      env.remoteHost = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
      env.cacheDir = tempFolder();
      try {
        const first = await opened({ model: 'some/model' });
        expect(first.name).toBe('transformers:some/model');
        expect((await first.embed(TEXTS)).vectors).toEqual(
          (await (await opened({ pooling: 'max' })).embed(TEXTS)).vectors,
        );
        const settings = (url: string) => /1_Pooling|sentence_/.test(url);
        expect(asked.filter(settings)).toHaveLength(3);
        asked.length = 0;
        expect((await opened({ model: 'some/model' })).fingerprint).toBe(first.fingerprint);
        expect(asked.filter(settings)).toEqual([]);
      } finally {
        Object.assign(env, before);
        hub.close();
      }
    });

    it('refuses a text of which it knows nothing', async () => {
      const embedder = await opened();
      await expect(embedder.embed(['fine', ' '])).rejects.toThrow('Text 1 is empty');
      await expect(embedder.embed(['fine', '\u0000'])).rejects.toThrow('Text 1 has no tokens');
    });

    it('keeps the marks around a text that it cuts', async () => {
      const folder = tempFolder();
      const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
      const postProcessor = {
        type: 'TemplateProcessing',
        single: [special('[PAD]'), { Sequence: { id: 'A', type_id: 0 } }, special('[UNK]')],
        pair: [],
        special_tokens: {
          '[PAD]': { id: '[PAD]', ids: [0], tokens: ['[PAD]'] },
          '[UNK]': { id: '[UNK]', ids: [1], tokens: ['[UNK]'] },
        },
      };
      const json = JSON.parse(readFileSync(join(MODEL, 'tokenizer.json'), 'utf8')) as object;
      writeFileSync(
        join(folder, 'tokenizer.json'),
        JSON.stringify({ ...json, post_processor: postProcessor }),
      );
      copyFileSync(join(MODEL, 'tokenizer_config.json'), join(folder, 'tokenizer_config.json'));
      const tokenizer = await AutoTokenizer.from_pretrained(folder);
      const encode = textEncoder(tokenizer, 4);
      expect(encode('the president spoke to the congress')).toEqual(tokenizer.encode('the president'));
      expect(encode('the president')).toHaveLength(4);
      expect(encode('the')).toEqual(tokenizer.encode('the'));
    });
  },
);
