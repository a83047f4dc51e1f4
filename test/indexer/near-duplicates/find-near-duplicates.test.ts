import { existsSync, readFileSync } from 'node:fs';
import { randomInt, randomLcg, range } from 'd3';
import { describe, expect, it } from 'vitest';
import { findNearDuplicates, summariseNearDuplicates } from '../../../indexer/index.js';
import { sharedData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { englishPassages } from '../texts.js';

const C4 = sharedData('pretrain-text/c4_demo.jsonl');
const absent = existsSync(C4) ? undefined : `${C4} is not there`;

/** The word 5-grams of a text, as strings. */
function shinglesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.length === 0) return new Set();
  return new Set(range(Math.max(1, words.length - 4)).map((i) => words.slice(i, i + 5).join(' ')));
}

function plainJaccard(one: Set<string>, other: Set<string>): number {
  let shared = 0;
  for (const shingle of one) if (other.has(shingle)) shared++;
  return shared / Math.max(1, one.size + other.size - shared);
}

/** Copies of texts of which some words are replaced, from none to one in 12. */
function withCopies(texts: readonly string[], seed: number): string[] {
  const random = randomLcg(seed);
  return texts.flatMap((text) => {
    const copies = Math.floor(random() * 3);
    return [text, ...range(copies).map(() => perturbed(text, random() / 12, random))];
  });
}

function perturbed(text: string, share: number, random: () => number): string {
  const word = randomInt.source(random)(0, 1000);
  return text.replace(/\S+/g, (one) => (random() < share ? `word${word()}` : one));
}

/** All pairs of texts with their Jaccard index, where it is above 0.5. */
function alikePairs(texts: readonly string[]): { a: number; b: number; index: number }[] {
  const sets = texts.map(shinglesOf);
  return sets.flatMap((set, a) =>
    range(a + 1, sets.length)
      .map((b) => ({ a, b, index: plainJaccard(set, sets[b]!) }))
      .filter(({ index }) => index > 0.5),
  );
}

const documentsOf = (texts: readonly string[]) => texts.map((text, i) => ({ id: 1000 + i, text }));

/** The groups that brute force makes of pairs of at least a threshold, as lists of ids. */
function plainGroups(texts: readonly string[], threshold: number): number[][] {
  const group = texts.map((_, i) => i);
  for (const { a, b, index } of alikePairs(texts)) {
    if (index < threshold) continue;
    const [kept, gone] = [Math.min(group[a]!, group[b]!), Math.max(group[a]!, group[b]!)];
    group.forEach((one, i) => {
      if (one === gone) group[i] = kept;
    });
  }
  return [...new Set(group)]
    .map((one) => range(texts.length).filter((i) => group[i] === one))
    .filter(({ length }) => length > 1)
    .map((members) => members.map((i) => 1000 + i));
}

describe('findNearDuplicates', () => {
  it('finds the groups of brute force among perturbed passages', () => {
    const texts = withCopies(englishPassages(80), 1);
    const groups = findNearDuplicates(documentsOf(texts), { seed: 1, threshold: 0.7 });
    expect(groups.map(({ documents }) => documents)).toEqual(plainGroups(texts, 0.7));
    expect(groups.map(({ group }) => group)).toEqual(range(groups.length));
    expect(groups.length).toBeGreaterThan(20);
  });

  it('gives the same for the same seed', () => {
    const documents = documentsOf(withCopies(englishPassages(40), 2));
    expect(findNearDuplicates(documents, { seed: 7 })).toEqual(findNearDuplicates(documents, { seed: 7 }));
  });

  it('finds nothing among nothing, and texts without words are like no others', () => {
    expect(findNearDuplicates([], { seed: 1 })).toEqual([]);
    expect(findNearDuplicates(documentsOf(['', '', ' ', '...', '...', '😀', '😀']), { seed: 1 })).toEqual([]);
  });

  it('compares texts of fewer than 5 words as wholes, whatever their case and marks', () => {
    const texts = ['Call me Ishmael.', 'call me, Ishmael', 'Call me', 'call me Ahab', 'Call me!', 'Ishmael'];
    expect(findNearDuplicates(documentsOf(texts), { seed: 1 })).toEqual([
      { group: 0, documents: [1000, 1001] },
      { group: 1, documents: [1002, 1004] },
    ]);
  });

  it('takes each character for a word where there are no spaces', () => {
    const text = '今天天气很好我们去公园散步看到很多人在那里放风筝孩子们跑来跑去非常开心';
    const groups = findNearDuplicates(
      documentsOf([text, text.replace('心', '怀'), '昨天下雨了我们没有出门']),
      {
        seed: 1,
      },
    );
    expect(groups).toEqual([{ group: 0, documents: [1000, 1001] }]);
  });

  it('links what is alike through others', () => {
    const words = range(200).map((i) => `word${i}`);
    const shifted = [0, 10, 20].map((from) => words.slice(from, from + 150).join(' '));
    expect(plainJaccard(shinglesOf(shifted[0]!), shinglesOf(shifted[2]!))).toBeLessThan(0.8);
    expect(findNearDuplicates(documentsOf(shifted), { seed: 1 })).toEqual([
      { group: 0, documents: [1000, 1001, 1002] },
    ]);
  });

  it('takes many copies of one text, and none for a near copy at threshold 1', () => {
    const text = englishPassages(20)[7]!;
    const copies = Array.from({ length: 5000 }, () => text);
    const found = findNearDuplicates(documentsOf([`${text} And so on and on.`, ...copies]), {
      seed: 1,
      threshold: 1,
    });
    expect(found).toHaveLength(1);
    expect(summariseNearDuplicates(found)).toEqual({ groups: 1, documents: 5000, largest: 5000 });
  });

  it('says how many groups there are, and how large', () => {
    const groups = [
      { group: 0, documents: [1, 2] },
      { group: 1, documents: [3, 4, 5] },
    ];
    expect(summariseNearDuplicates(groups)).toEqual({ groups: 2, documents: 5, largest: 3 });
    expect(summariseNearDuplicates([])).toEqual({ groups: 0, documents: 0, largest: 0 });
  });

  it('refuses what will not do', () => {
    const documents = documentsOf(['a']);
    expect(() => findNearDuplicates(documents, { seed: 1, threshold: 0 })).toThrow('not 0');
    expect(() => findNearDuplicates(documents, { seed: 1, threshold: 1.1 })).toThrow('not 1.1');
    expect(() => findNearDuplicates(documents, { seed: 1, threshold: Number.NaN })).toThrow('not NaN');
    expect(() => findNearDuplicates(documents, { seed: 1, shingle: 0 })).toThrow('not 0');
    expect(() => findNearDuplicates(documents.values(), { seed: 1 })).toThrow('read twice');
    let pass = 0;
    const changing = { [Symbol.iterator]: () => documentsOf(range(3 - pass++).map(String)).values() };
    expect(() => findNearDuplicates(changing, { seed: 1 })).toThrow('read again');
  });
});

describe.skipIf(skipping('near duplicates in C4', absent))('findNearDuplicates in C4', () => {
  it('finds 95% of the pairs of a Jaccard index of 0.85 and more, and none below the threshold', () => {
    const originals = readFileSync(C4, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text);
    const texts = withCopies(originals, 3);
    const alike = alikePairs(texts).filter(({ index }) => index >= 0.85);
    const linked = plainGroups(texts, 0.8).map((ids) => new Set(ids));
    expect(alike.length).toBeGreaterThan(30);
    for (const seed of [1, 2]) {
      const groups = findNearDuplicates(documentsOf(texts), { seed });
      const groupOf = new Map(
        groups.flatMap(({ group, documents }) => documents.map((id) => [id - 1000, group])),
      );
      const found = alike.filter(({ a, b }) => groupOf.has(a) && groupOf.get(a) === groupOf.get(b));
      console.log(
        `C4, seed ${seed}: ${texts.length} texts, ${found.length} of ${alike.length} pairs at 0.85, ${JSON.stringify(summariseNearDuplicates(groups))}`,
      );
      expect(found.length / alike.length).toBeGreaterThanOrEqual(0.95);
      // Nothing is in a group that no pair at the threshold links to it.
      for (const { documents } of groups)
        expect(linked.some((ids) => documents.every((id) => ids.has(id)))).toBe(true);
    }
  });
});
