import { DataError, UsageError } from '../../store/index.js';
import { candidatePairs } from './candidates.js';
import { openGroups } from './groups.js';
import { openMinHash } from './minhash.js';
import { jaccard, shinglesOf } from './shingles.js';

/** What a near duplicate is. */
export interface NearDuplicateOptions {
  /** Jaccard index of the shingle sets from which two texts are near duplicates, above 0, at most 1; default 0.8. */
  threshold?: number;
  /** Words of a shingle; default 5. */
  shingle?: number;
  /** Of the permutations; another seed may miss other pairs. */
  seed: number;
}

/** Documents that are linked by near duplicates, in the order given. */
export interface NearDuplicateGroup {
  /** From 0, in the order of the first documents. */
  group: number;
  documents: number[];
}

/** What the groups are in all. */
export interface NearDuplicateSummary {
  groups: number;
  /** Documents in any group. */
  documents: number;
  /** Documents of the largest group. */
  largest: number;
}

/**
 * Groups of near duplicates: documents linked by pairs whose sets of word 5-grams have a Jaccard index of at least the
 * threshold (5-grams and 0.8 as Lee et al. 2022, Deduplicating training data makes language models better).
 *
 * Pairs are found by MinHash signatures in bands (99% of those at the threshold, more above it) and verified by the exact
 * index of their shingle sets, so that none is below the threshold. The documents are read twice: in the first pass 512
 * bytes and one entry of a band's table are kept of each, in the second the shingles of the candidates that still wait
 * for another. A document without a word is in no group.
 *
 * @param documents the same documents whenever they are iterated; a generator object, which can be read once, will not do
 * @returns groups of two or more documents
 * @throws UsageError for a threshold, shingle or iterable that will not do
 * @throws DataError where the second pass has other documents than the first
 */
export function findNearDuplicates(
  documents: Iterable<{ id: number; text: string }>,
  { threshold = 0.8, shingle = 5, seed }: NearDuplicateOptions,
): NearDuplicateGroup[] {
  if (!(threshold > 0 && threshold <= 1))
    throw new UsageError(`The threshold of near duplicates must be above 0 and at most 1, not ${threshold}.`);
  if (!(Number.isInteger(shingle) && shingle >= 1))
    throw new UsageError(`A shingle must have a whole number of words, at least 1, not ${shingle}.`);
  if (Object.is(documents[Symbol.iterator](), documents))
    throw new UsageError('Documents are read twice: give an array, or an object that can be iterated again.');

  const signatureOf = openMinHash(seed);
  const ids: number[] = [];
  const signatures: (Uint32Array | undefined)[] = [];
  for (const { id, text } of documents) {
    const shingles = shinglesOf(text, shingle);
    ids.push(id);
    signatures.push(shingles.length > 0 ? signatureOf(shingles) : undefined);
  }
  const pairs = candidatePairs(signatures, threshold);
  signatures.length = 0;
  const groups = openGroups(ids.length);
  const lastUse = new Map<number, number>();
  for (const [index, others] of pairs) {
    for (const one of [index, ...others]) lastUse.set(one, Math.max(index, lastUse.get(one) ?? 0));
  }
  verify();
  return groups.list().map((members, group) => ({ group, documents: members.map((index) => ids[index]!) }));

  /** The second pass: joins the candidates that reach the threshold. */
  function verify(): void {
    const waiting = new Map<number, Uint32Array>();
    let index = 0;
    for (const { id, text } of documents) {
      if (id !== ids[index])
        throw new DataError(`Document ${index} is ${id} when read again, and was ${ids[index]}.`);
      if (lastUse.has(index)) waiting.set(index, shinglesOf(text, shingle));
      joinAlike(index, waiting);
      for (const one of [...(pairs.get(index) ?? []), index])
        if (lastUse.get(one) === index) waiting.delete(one);
      index++;
    }
    if (index !== ids.length)
      throw new DataError(`There are ${index} documents when read again, and were ${ids.length}.`);
  }

  function joinAlike(index: number, waiting: ReadonlyMap<number, Uint32Array>): void {
    for (const other of pairs.get(index) ?? []) {
      if (groups.areOne(index, other)) continue;
      if (jaccard(waiting.get(index)!, waiting.get(other)!) >= threshold) groups.join(index, other);
    }
  }
}

/** How many groups there are, and how large. */
export function summariseNearDuplicates(groups: readonly NearDuplicateGroup[]): NearDuplicateSummary {
  const sizes = groups.map(({ documents }) => documents.length);
  return {
    groups: groups.length,
    documents: sizes.reduce((sum, size) => sum + size, 0),
    largest: sizes.reduce((most, size) => Math.max(most, size), 0),
  };
}
