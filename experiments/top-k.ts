import { mean } from 'd3';
import { type Attended, attendToBest, readModel } from '../lab/index.js';
import { type Query, queriesOf, querySetNamed, replaceRun, type Study } from '../store/index.js';
import type { Experiment, ExperimentOptions, ExperimentResult, Finding } from './experiment.js';
import { inStudy, QUERIES } from './in-study.js';
import { meanOverGroups, ratioOverGroups } from './pooled.js';

/** How much of what a model does is left when each token attends to its best keys alone. */
export const topK: Experiment = {
  name: 'top-k',
  title: 'Attention to the best keys alone',
  claim:
    'Top-k attention (Synk et al. 2025, arXiv 2502.06766; Llama models of 3B to 8B, contexts to 1M): attending to under 2% of the tokens keeps over 95% of performance.',
  run,
};

const SHARES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5];

interface Scored {
  seed: number;
  query: Query;
  /** By the keys that are attended to; those of the whole context are full attention. */
  byKeys: Map<number, Attended>;
}

function run(options: ExperimentOptions): Promise<ExperimentResult> {
  const { seeds, full } = options;
  const context = full ? 1024 : 512;
  const reported = { name: 'top-k', runs: ['top-*'], across: 'keys' };
  return inStudy(options, studyFile(options, context), reported, async (study) => {
    const scored: Scored[] = [];
    for (const seed of seeds) scored.push(...(await scoreSeed(study, seed, context)));
    const findings = findingsOf(scored, context);
    return { findings, conclusion: conclusionOf(findings) };
  });
}

function studyFile({ full, seeds }: ExperimentOptions, context: number): object {
  const model = {
    context,
    width: full ? 192 : 128,
    layers: full ? 4 : 3,
    heads: 4,
    steps: full ? 1200 : 300,
    batch: 8,
  };
  // Passages that fill the context.
  const characters = context * 4;
  return {
    name: 'Top-k attention',
    seed: 1,
    corpora: { addresses: { files: 'source/addresses.jsonl', id: 'id', source: 'president', hold_out: 0.2 } },
    queries: [
      {
        kind: 'held-out',
        corpus: 'addresses',
        split: 'held-out',
        chunk: { by: 'passages', min: characters, max: characters + 400 },
        sample: full ? 200 : 100,
      },
    ],
    density: { kernels: ['exponential'], bandwidth: 'auto', effective_samples: 100 },
    runs: Object.fromEntries(seeds.map((seed) => [`full-${seed}`, { scorer: 'lab', seed, ...model }])),
    report: 'base',
  };
}

function keysOf(share: number, context: number): number {
  return Math.max(1, Math.round(share * context));
}

async function scoreSeed(study: Study, seed: number, context: number): Promise<Scored[]> {
  const model = readModel(study.modelFolder(`full-${seed}`));
  const queries = queriesOf(study.db, querySetNamed(study.db, QUERIES).id);
  const ids = await model.tokenizer.encode(queries.map(({ text }) => text));
  const long = queries.flatMap((query, q) => (ids[q]!.length >= context ? [{ query, ids: ids[q]! }] : []));
  const scored = long.map(({ query }): Scored => ({ seed, query, byKeys: new Map() }));
  for (const keys of [1, ...SHARES.map((share) => keysOf(share, context)), context]) {
    const attended = await attendToBest(
      model,
      long.map((one) => one.ids),
      keys,
    );
    for (const [i, one] of attended.entries()) scored[i]!.byKeys.set(keys, one);
    const outcomes = attended.map(({ losses }, i) => {
      const late = lateOf(losses);
      return { queryId: long[i]!.query.id, nll: mean(late)! * late.length, tokens: late.length };
    });
    const about = { seed, keys };
    replaceRun(
      study.db,
      { name: `top-${keys}-${seed}`, scorer: 'lab', settings: about, covariates: about },
      outcomes,
    );
  }
  return scored;
}

/** Those of the last quarter of a context, which have keys enough to choose from. */
function lateOf(values: Float32Array): Float32Array {
  return values.subarray(Math.floor((values.length * 3) / 4));
}

function findingsOf(scored: readonly Scored[], context: number): Finding[] {
  const loss = ({ byKeys }: Scored, keys: number) => mean(lateOf(byKeys.get(keys)!.losses))!;
  const shown = (keys: number) => `${keys} of ${context} keys, ${((100 * keys) / context).toFixed(1)}%`;
  const groupOf = ({ query }: Scored) => query.document ?? query.key;
  const per = (measure: string, unit: string, keys: number, value: (one: Scored) => number) =>
    meanOverGroups(
      measure,
      shown(keys),
      unit,
      scored.map((one) => ({ group: groupOf(one), value: value(one) })),
    );
  const all = SHARES.map((share) => keysOf(share, context));
  return [
    ...all.map((keys) =>
      per('loss over full attention', 'nats a token', keys, (one) => loss(one, keys) - loss(one, context)),
    ),
    // Against a token that attends to one key alone: what attention is worth here.
    ...all.map((keys) =>
      ratioOverGroups(
        'share of what attention gains that is kept',
        shown(keys),
        'of 1',
        scored.map((one) => ({
          group: groupOf(one),
          part: loss(one, 1) - loss(one, keys),
          whole: loss(one, 1) - loss(one, context),
        })),
      ),
    ),
    ...all.map((keys) =>
      per(
        'share of attention that the keys hold',
        'of 1',
        keys,
        ({ byKeys }) => mean(lateOf(byKeys.get(keys)!.masses))!,
      ),
    ),
  ];
}

function conclusionOf(findings: readonly Finding[]): string {
  const kept = findings.filter(({ measure }) => measure.startsWith('share of what'));
  const first = kept.find(({ low }) => low! >= 0.95);
  const two = kept.find(({ condition }) => condition.endsWith('2.0%'));
  return `2% of the keys keep ${(100 * two!.value).toFixed(0)}% of what attention gains; 95% is kept from ${first ? first.condition : 'more keys than were tried'} on.`;
}
