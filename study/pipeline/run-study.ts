import { bandwidthChoice } from '../../density/index.js';
import { openTokenizer } from '../../indexer/index.js';
import type { OnProgress, Study } from '../../store/index.js';
import { BASE, DISJOINT, PROJECTION, treatedRunName } from '../names.js';
import { type ReportRequest, type WriteOptions, type WrittenReport, writeReport } from '../report/index.js';
import { calibrationStep } from './calibration-step.js';
import { controlsStep } from './controls-step.js';
import { openEmbedderOf } from './embedder-settings.js';
import { importStep } from './import-step.js';
import { indexStep } from './index-step.js';
import { interventionStep } from './intervention-step.js';
import { labStep } from './lab-step.js';
import { leaksStep } from './leaks-step.js';
import { measureStep } from './measure-step.js';
import { negativeControlsStep } from './negative-controls-step.js';
import { projectionStep } from './projection-step.js';
import { QUERY_SET, queriesStep } from './queries-step.js';
import { isLab, isNgram } from './run-settings.js';
import { scoreModelStep } from './score-model-step.js';
import { scoreStep } from './score-step.js';
import type { Pipeline, Say } from './steps.js';
import type { StudyFile } from './study-file.js';

/** Where a running study says what it does. */
export interface RunOptions {
  onProgress: OnProgress;
  say: Say;
  signal?: AbortSignal | undefined;
  /** What the report is held against, and its formats. */
  report?: Pick<WriteOptions, 'against' | 'gates' | 'jobs' | 'formats'>;
}

/**
 * Does all that a study file asks for and writes its report. Steps that were finished before with the same inputs are
 * passed over, and an interrupted one goes on where its last commit was.
 *
 * @throws UsageError for files or names that are not there
 * @throws DataError for data that cannot be used
 * @throws Interrupted where the signal stopped it
 */
export async function runStudy(study: Study, file: StudyFile, options: RunOptions): Promise<WrittenReport> {
  const pipeline: Pipeline = { study, seed: file.seed, ...options };
  const tokenizer = openTokenizer();
  const embedder = await openEmbedderOf(file.embedder, file.base);
  try {
    const corpusKeys: Record<string, string> = {};
    for (const [name, settings] of Object.entries(file.corpora)) {
      corpusKeys[name] = await indexStep(pipeline, embedder, name, settings, file.base);
    }
    const queriesKey = await queriesStep(pipeline, embedder, file, corpusKeys);
    const corpora = Object.keys(file.corpora);
    const inputKeys = [queriesKey, ...Object.values(corpusKeys)];
    const runs: Record<string, string[]> = {};
    for (const [name, settings] of Object.entries(file.runs)) {
      if ('import' in settings) {
        runs[name] = await importStep(pipeline, name, settings, file.base, [queriesKey]);
        continue;
      }
      runs[name] = [name];
      if (isLab(settings)) {
        await labStep(pipeline, { run: name, settings, corpora: settings.train ?? corpora }, inputKeys);
        continue;
      }
      if (!isNgram(settings)) {
        await scoreModelStep(pipeline, name, settings, file.base, [queriesKey]);
        continue;
      }
      const training = { corpora: settings.train ?? corpora, order: settings.order };
      await scoreStep(pipeline, tokenizer, name, training, inputKeys);
    }
    const { bandwidth, effective_samples: effectiveSamples } = file.density;
    for (const kernel of file.density.kernels) {
      const choice = bandwidthChoice(bandwidth, effectiveSamples);
      await measureStep(pipeline, { name: BASE, corpora, kernel, bandwidth: choice }, file, inputKeys);
      await calibrationStep(pipeline, file, corpora, kernel, inputKeys);
    }
    await projectionStep(pipeline, file, corpora, inputKeys);
    await leaksStep(pipeline, file, corpora, inputKeys);
    await controlsStep(pipeline, corpora, inputKeys);
    await negativeControlsStep(pipeline, file, corpora, inputKeys);
    for (const [name, settings] of Object.entries(file.interventions)) {
      await interventionStep(pipeline, { embedder, tokenizer }, file, name, settings, inputKeys);
    }
    const { onProgress, signal, report = {} } = options;
    return await writeReport(study, reportRequest(file, runs), { ...report, onProgress, signal });
  } finally {
    await embedder.close();
  }
}

function reportRequest(file: StudyFile, runs: Readonly<Record<string, string[]>>): ReportRequest {
  const { run = Object.keys(file.runs)[0]!, folds, group_by: groupBy, across } = file.regression;
  const { disjoint, projection } = file.negative_controls;
  return {
    ...{ name: file.report, title: file.name, querySet: QUERY_SET, measurement: BASE },
    kernels: file.density.kernels,
    ...{ batchRuns: Object.values(runs).flat(), querySets: [QUERY_SET] },
    ...{ run, runs: runs[run]!, across: across ?? null, groupBy, folds, seed: file.seed },
    negativeControls: [
      ...(disjoint.length > 0
        ? [{ measurement: DISJOINT, name: 'disjoint', what: `the density of ${disjoint.join(', ')} alone` }]
        : []),
      ...(projection > 0
        ? [
            {
              measurement: PROJECTION,
              name: 'projection',
              what: `density behind a random projection to ${projection} dims`,
            },
          ]
        : []),
    ],
    interventions: Object.entries(file.interventions).map(([name, { run: treated }]) => ({
      name,
      run: treated,
      treatedRun: treatedRunName(treated, name),
    })),
  };
}
