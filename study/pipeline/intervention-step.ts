import {
  type Embedder,
  hashOf,
  indexCorpus,
  type SourceDocument,
  type Tokenizer,
} from '../../indexer/index.js';
import {
  DataError,
  densitiesOf,
  dropCorpus,
  measurementNamed,
  type Query,
  replaceAssignments,
} from '../../store/index.js';
import { type Arm, type Assignment, assignArms, drawUntouchedDocuments } from '../interventions/design.js';
import { openParaphraser } from '../interventions/paraphrase/index.js';
import { BASE, measureStep } from './measure-step.js';
import { scoreStep, studyQueries } from './score-step.js';
import { type Pipeline, runStep } from './steps.js';
import type { InterventionSettings, NgramSettings, StudyFile } from './study-file.js';

/** The arm of queries from documents that nothing was leaked of: they show what spills over. */
export const UNTOUCHED = 'untouched';

/** What an intervention embeds and trains with. */
interface Engines {
  embedder: Embedder;
  tokenizer: Tokenizer;
}

/** Blocks of baseline density within which arms are drawn. */
const BLOCKS = 4;

/**
 * Runs an intervention: draws arms, leaks paraphrases or copies of the treated queries into a finetune corpus, trains
 * the run again with it, and measures every query again at the bandwidths of before.
 */
export async function interventionStep(
  pipeline: Pipeline,
  { embedder, tokenizer }: Engines,
  file: StudyFile,
  name: string,
  settings: InterventionSettings,
  inputKeys: readonly string[],
): Promise<void> {
  const { study, seed, onProgress } = pipeline;
  // What is leaked depends on the densities, and those not on whether they are also known at other bandwidths.
  const { sweep: _, ...density } = file.density;
  const leakKey = await runStep(
    pipeline,
    `intervene ${name}`,
    { settings, seed, inputKeys, density },
    async () => {
      const queries = studyQueries(study).filter(({ kind }) => kind === settings.kind);
      if (queries.length === 0)
        throw new DataError(`interventions.${name}: no query is of kind "${settings.kind}".`);
      const assignments = drawAssignments(pipeline, file, settings, queries);
      replaceAssignments(
        study.db,
        name,
        assignments.map(({ query, arm, dose }) => ({ queryId: query, arm, dose })),
      );
      const leaks = await makeLeaks(queries, assignments, settings, seed);
      dropCorpus(study, name);
      const chunk = { by: 'document' as const };
      await indexCorpus(study, embedder, inTurn(leaks.documents), {
        name,
        role: 'intervention',
        chunk,
        holdOut: 0,
        seed,
        key: hashOf(leaks.documents.map(({ key }) => key)),
        settings: { intervention: name },
        onProgress,
      });
      return `${leaks.documents.length} texts leaked for ${leaks.treated} of ${queries.length} ${settings.kind} queries; ${leaks.missing} paraphrases could not be made`;
    },
  );

  const run = trainedRun(file, settings.run);
  const corpora = Object.keys(file.corpora);
  await scoreStep(
    pipeline,
    tokenizer,
    treatedRunName(settings.run, name),
    { corpora: [...(run.train ?? corpora), name], order: run.order },
    [...inputKeys, leakKey],
  );
  for (const kernel of file.density.kernels) {
    const { bandwidth } = measurementNamed(study.db, BASE, kernel)!;
    await measureStep(
      pipeline,
      { name, corpora: [...corpora, name], kernel, bandwidth: { value: bandwidth, rule: `as in ${BASE}` } },
      file,
      [...inputKeys, leakKey],
    );
  }
}

function trainedRun({ runs }: StudyFile, name: string): NgramSettings {
  const run = runs[name]!;
  if ('import' in run) throw new RangeError(`run "${name}" is imported: it cannot be trained again`);
  return run;
}

/** The name of a run trained again with an intervention's corpus. */
export function treatedRunName(run: string, intervention: string): string {
  return `${run}+${intervention}`;
}

/** Draws the untouched documents, and arms for the other queries within blocks of their density before. */
function drawAssignments(
  pipeline: Pipeline,
  file: StudyFile,
  settings: InterventionSettings,
  queries: readonly Query[],
): Assignment[] {
  const documents = [...new Set(queries.map(({ document }) => document))];
  const untouched = drawUntouchedDocuments(documents, settings.untouched, pipeline.seed);
  const touched = queries.filter(({ document }) => !untouched.has(document));
  const block = densityBlocks(pipeline, file, touched);
  const drawn = assignArms(
    touched.map(({ id }) => ({ id, block: block.get(id)! })),
    settings.arms.map(armFrom),
    pipeline.seed,
  );
  const left = queries
    .filter(({ document }) => untouched.has(document))
    .map(({ id }) => ({ query: id, arm: UNTOUCHED, dose: 0 }));
  return [...drawn, ...left];
}

function armFrom({
  name,
  paraphrases,
  exact,
  weight,
}: InterventionSettings['arms'][number]): Arm & { weight: number } {
  const kind = exact ? 'exact' : paraphrases > 0 ? 'paraphrase' : 'control';
  return { name, kind, dose: paraphrases + (exact ? 1 : 0), weight };
}

function densityBlocks(pipeline: Pipeline, file: StudyFile, queries: readonly Query[]): Map<number, string> {
  const measurement = measurementNamed(pipeline.study.db, BASE, file.density.kernels[0]!)!;
  const densities = densitiesOf(pipeline.study.db, measurement.id);
  const order = queries.map(({ id }) => id).sort((a, b) => densityOf(a) - densityOf(b));
  return new Map(order.map((id, rank) => [id, `density ${Math.floor((rank * BLOCKS) / order.length) + 1}`]));

  function densityOf(id: number): number {
    return densities.get(id)!.log10Density;
  }
}

interface Leaks {
  documents: SourceDocument[];
  treated: number;
  missing: number;
}

/** The texts to leak: paraphrases and exact copies of the treated queries. */
async function makeLeaks(
  queries: readonly Query[],
  assignments: readonly Assignment[],
  settings: InterventionSettings,
  seed: number,
): Promise<Leaks> {
  const paraphraser = await openParaphraser();
  const textOf = new Map(queries.map(({ id, text }) => [id, text]));
  const leaks: Leaks = { documents: [], treated: 0, missing: 0 };
  for (const { query, arm: armName } of assignments) {
    const arm = settings.arms.find(({ name }) => name === armName);
    if (!arm || (arm.paraphrases === 0 && !arm.exact)) continue;
    const text = textOf.get(query)!;
    const { texts } = paraphraser.paraphrase(text, { count: arm.paraphrases, seed: seed + query });
    const leaked = arm.exact ? [...texts, text] : texts;
    leaks.treated++;
    leaks.missing += arm.paraphrases - texts.length;
    leaked.forEach((leak, number) => {
      leaks.documents.push({
        key: `${query}/${number}`,
        text: leak,
        source: armName,
        meta: { query, arm: armName },
      });
    });
  }
  return leaks;
}

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
