import { kernelWords } from '../kernel-words.js';
import type { Report, ReportCorpus, ReportedRun } from '../report.js';
import { type Child, h } from './dom.js';
import { count, setting } from './format.js';
import { lossInWords } from './settings.js';
import { type Column, quoted, table } from './table.js';

/** The section on what was measured and how: corpora, density, run, seed. */
export function dataSection(report: Report): HTMLElement {
  const { density, run, corpora, seed } = report;
  const columns: Column<ReportCorpus>[] = [
    { head: 'Corpus', type: 'text', cell: ({ name }) => quoted(name) },
    { head: 'Role', type: 'text', cell: ({ role }) => role },
    { head: 'Documents', type: 'number', cell: ({ documents }) => count(documents) },
    { head: 'Held out', unit: 'documents', type: 'number', cell: ({ heldOut }) => count(heldOut) },
    { head: 'Chunks', type: 'number', cell: ({ chunks }) => count(chunks) },
    { head: 'Sources', type: 'number', cell: ({ sources }) => count(sources) },
  ];
  const settings: [string, Child][] = [
    ['Embedder', `${density.embedder}, ${count(density.dims)} dims`],
    ['Kernel', kernelWords(density.kernel)],
    ['Bandwidth', `h = ${setting(density.bandwidth)} (${density.bandwidthRule})`],
    ['Estimator', density.estimator],
    ['Training points', `n = ${count(density.points)}, of ${density.corpora.join(', ')}`],
    ['Loss', `${lossInWords(report)}${run.trainedTokens === null ? '' : trainedInWords(run)}`],
    ['Seed', String(seed)],
  ];
  return h(
    'section',
    { id: 'data' },
    h('h2', {}, 'What was measured, and how'),
    h(
      'dl',
      { class: 'settings' },
      ...settings.map(([term, meaning]) => h('div', {}, h('dt', {}, term), h('dd', {}, meaning))),
    ),
    table(columns, [{ rows: corpora }], { caption: 'The corpora of the study' }),
  );
}

function trainedInWords({ trainedTokens, vocabulary }: ReportedRun): string {
  return `, trained on ${count(trainedTokens)} tokens, vocabulary of ${count(vocabulary)}`;
}
