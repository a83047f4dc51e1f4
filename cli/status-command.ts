import type { Command } from 'commander';
import { listMeasurements, listQuerySets, listRuns, openStudy, summariseCorpora } from '../store/index.js';
import { type CommonOptions, withCommonOptions } from './common-options.js';

/** Adds `densimeter status`. */
export function addStatusCommand(program: Command): void {
  withCommonOptions(program.command('status').description('say what is in a study'))
    .addHelpText('after', '\nExample:\n  densimeter status --study demo')
    .action(({ study: dir, json }: CommonOptions) => {
      const study = openStudy(dir);
      try {
        const contents = {
          corpora: summariseCorpora(study.db),
          querySets: listQuerySets(study.db),
          runs: listRuns(study.db),
          measurements: listMeasurements(study.db),
        };
        process.stdout.write(json ? `${JSON.stringify(contents)}\n` : describe(contents));
      } finally {
        study.close();
      }
    });
}

interface Contents {
  corpora: ReturnType<typeof summariseCorpora>;
  querySets: ReturnType<typeof listQuerySets>;
  runs: ReturnType<typeof listRuns>;
  measurements: ReturnType<typeof listMeasurements>;
}

function describe({ corpora, querySets, runs, measurements }: Contents): string {
  const lines = [
    ...corpora.map(
      ({ name, role, chunks, documents, heldOut, sources, embedder }) =>
        `corpus ${name} (${role}): ${chunks} chunks of ${documents - heldOut} documents, ${heldOut} held out, ${sources} sources, embedded by ${embedder}`,
    ),
    ...querySets.map(({ name, queries }) => `query set ${name}: ${queries} queries`),
    ...runs.map(({ name, scorer }) => `run ${name} (${scorer})`),
    ...measurements.map(
      ({ name, kernel, bandwidth, bandwidthRule, estimator, points }) =>
        `measurement ${name}: ${kernel}, h = ${bandwidth} (${bandwidthRule}), ${estimator}, n = ${points}`,
    ),
  ];
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'The study is empty.\n';
}
