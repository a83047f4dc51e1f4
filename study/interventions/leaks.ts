import type { Embedder, SourceDocument } from '../../indexer/index.js';
import type { InterventionArm, OnProgress, Query } from '../../store/index.js';
import { type ArmSettings, armFrom, UNTOUCHED } from './arms.js';
import type { Assignment } from './design.js';
import { closeEnough } from './embedding-band.js';
import type { ParaphraseSource } from './paraphrase/index.js';

/** How texts are leaked. */
export interface LeakOptions {
  arms: readonly ArmSettings[];
  paraphrases: ParaphraseSource;
  embedder: Embedder;
  /** Cosine similarity to the query that a paraphrase must have. */
  band: readonly [number, number];
  /** Nearest training texts that are no leak of a query, and training texts drawn at random. */
  placeboTexts(query: Query, count: number): string[];
  unrelatedTexts(query: Query, count: number): string[];
  seed: number;
  onProgress?: OnProgress | undefined;
}

/** The texts to train on, and what became of what was asked for. */
export interface Leaks {
  documents: SourceDocument[];
  arms: InterventionArm[];
  rejected: Record<string, number>;
  missing: number;
}

/** Makes the texts that are leaked for every query by its arm: document keys are the query's id and a number. */
export async function makeLeaks(
  queries: readonly Query[],
  assignments: readonly Assignment[],
  options: LeakOptions,
): Promise<Leaks> {
  const { arms, paraphrases, onProgress, seed } = options;
  const queryOf = new Map(queries.map((query) => [query.id, query]));
  const leaks: Leaks = { documents: [], arms: [], rejected: {}, missing: 0 };
  const work = assignments.flatMap(({ query, arm: name }) => {
    const arm = arms.find((one) => one.name === name);
    return arm ? [{ query: queryOf.get(query)!, arm }] : [];
  });
  const texts = new Map<string, number>();
  for (let done = 0; done < work.length; done += paraphrases.parallel) {
    onProgress?.({ step: 'writing leaks', done, total: work.length, unit: 'queries' });
    const batch = work.slice(done, done + paraphrases.parallel);
    const found = await Promise.all(batch.map(({ query, arm }) => leaksOf(query, arm)));
    found.forEach((leaked, i) => {
      const { query, arm } = batch[i]!;
      texts.set(arm.name, (texts.get(arm.name) ?? 0) + leaked.length);
      leaked.forEach((text, number) => {
        const meta = { query: query.id, arm: arm.name };
        leaks.documents.push({ key: `${query.id}/${number}`, text, source: arm.name, meta });
      });
    });
  }
  const queriesIn = (arm: string) => assignments.filter((one) => one.arm === arm).length;
  leaks.arms = [
    ...arms.map(armFrom).map(({ name, kind, dose }) => {
      return { name, kind, dose, queries: queriesIn(name), texts: texts.get(name) ?? 0 };
    }),
    { name: UNTOUCHED, kind: 'untouched', dose: 0, queries: queriesIn(UNTOUCHED), texts: 0 },
  ];
  return leaks;

  async function leaksOf(query: Query, arm: ArmSettings): Promise<string[]> {
    if (arm.placebo > 0) return options.placeboTexts(query, arm.placebo);
    if (arm.unrelated > 0) return options.unrelatedTexts(query, arm.unrelated);
    const made = arm.paraphrases > 0 ? await paraphrasesOf(query, arm.paraphrases) : [];
    return arm.exact ? [...made, query.text] : made;
  }

  async function paraphrasesOf(query: Query, count: number): Promise<string[]> {
    // A few more than are wanted, as some may be too far from the query, or too near.
    const wanted = count + Math.ceil(count / 2);
    const { texts: drafts, rejected } = await paraphrases.paraphrase(query, {
      count: wanted,
      seed: seed + query.id,
    });
    const close = await closeEnough(options.embedder, query.text, drafts, options.band);
    add({ ...rejected, embedding: drafts.length - close.length });
    leaks.missing += Math.max(0, count - close.length);
    return close.slice(0, count);
  }

  function add(rejected: Readonly<Record<string, number | undefined>>): void {
    for (const [why, number] of Object.entries(rejected)) {
      if (number) leaks.rejected[why] = (leaks.rejected[why] ?? 0) + number;
    }
  }
}
