import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { byteLevelAlphabet, Tokenizer } from 'tokenizers';
import { UsageError } from '../store/index.js';

/** Cuts texts into tokens, as the tokenizer.json of Hugging Face says. */
export interface LabTokenizer {
  /** The contents of tokenizer.json. */
  json: string;
  size: number;
  /** @returns ids, without the token that ends a text */
  encode(texts: readonly string[]): Promise<Int32Array[]>;
  decode(ids: ArrayLike<number>): Promise<string>;
}

/** A tokenizer as it is written, or sent to a thread. */
export type TokenizerFile = Pick<LabTokenizer, 'json'>;

/** The token before and behind every text; its id is 0. */
export const END_OF_TEXT = '<|endoftext|>';
// From TypeScript sources, as in tests, the built program is run.
const PROGRAM = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../dist/lab/bpe-process.js' : './bpe-process.js',
    import.meta.url,
  ),
);
const BYTES = 256;
const AT_ONCE = 1000;

/**
 * Trains byte-level BPE (Sennrich et al. 2016, arXiv 1508.07909; bytes as in GPT-2) on texts.
 *
 * @param size tokens in all: the end of text, 256 bytes, and merges
 * @throws UsageError for a size below 257
 */
export async function trainTokenizer(texts: Iterable<string>, size: number): Promise<LabTokenizer> {
  if (!(Number.isInteger(size) && size > BYTES))
    throw new UsageError(
      `A vocabulary of ${size} is too small: it has 256 bytes and the end of text at least.`,
    );
  const merges = size > BYTES + 1 ? await learnMerges(texts) : [];
  const vocabulary = [END_OF_TEXT, ...byteLevelAlphabet().sort()];
  const known = new Set(vocabulary);
  const kept: [string, string][] = [];
  for (const [a, b] of merges) {
    if (vocabulary.length >= size) break;
    kept.push([a, b]);
    // Two merges may make the same token.
    if (known.has(a + b)) continue;
    known.add(a + b);
    vocabulary.push(a + b);
  }
  return openTokenizer(JSON.stringify(describe(vocabulary, kept)));
}

/** Opens a tokenizer.json's contents. */
export function openTokenizer(json: string): LabTokenizer {
  const tokenizer = Tokenizer.fromString(json);
  return {
    json,
    size: tokenizer.getVocabSize(true),
    async encode(texts) {
      const ids: Int32Array[] = [];
      for (let i = 0; i < texts.length; i += AT_ONCE) {
        const encoded = await tokenizer.encodeBatch(texts.slice(i, i + AT_ONCE), { addSpecialTokens: false });
        for (const one of encoded) ids.push(Int32Array.from(one.getIds()));
      }
      return ids;
    },
    decode: (ids) => tokenizer.decode(Array.from(ids), true),
  };
}

/** The merges come most frequent first. */
async function learnMerges(texts: Iterable<string>): Promise<[string, string][]> {
  const folder = mkdtempSync(join(tmpdir(), 'densimeter-bpe-'));
  const [begin, file, trained] = ['begin.json', 'texts.txt', 'trained.json'].map((name) =>
    join(folder, name),
  );
  try {
    writeFileSync(begin!, JSON.stringify(describe([END_OF_TEXT], [])));
    const handle = await open(file!, 'w');
    for (const text of texts) await handle.write(`${text.replaceAll(END_OF_TEXT, ' ')}\n`);
    await handle.close();
    await promisify(execFile)(process.execPath, [PROGRAM, begin!, file!, trained!]);
    const { model } = JSON.parse(readFileSync(trained!, 'utf8')) as { model: { merges: [string, string][] } };
    return model.merges;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(vocabulary: readonly string[], merges: readonly [string, string][]): object {
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const end = { id: 0, content: END_OF_TEXT, special: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [{ ...end, single_word: false, lstrip: false, rstrip: false, normalized: false }],
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: null,
    decoder: bytes,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges,
    },
  };
}

/** The tokens of a tokenizer by id, as they stand in its vocabulary. */
export function tokenTexts({ json }: TokenizerFile): string[] {
  const { model } = JSON.parse(json) as { model: { vocab: Record<string, number> } };
  const texts: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) texts[id] = token;
  return texts;
}
