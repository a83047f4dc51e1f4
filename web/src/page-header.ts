import type { Study } from '../../client/index.js';
import { byId, element, foreign } from './element.js';
import { counted } from './format.js';

/** Shows the study's name and one line of what is in it. */
export function showHeader(study: Study, run: string | null): void {
  document.title = `${study.name} · densimeter`;
  byId('study-name').replaceChildren(foreign(study.name));
  byId('study-contents').replaceChildren(
    ...joined([
      ...study.corpora.map(({ name, chunks, sources }) => [
        foreign(name),
        `: ${counted(chunks, 'chunk', 'chunks')} from ${counted(sources, 'source', 'sources')}`,
      ]),
      ...study.querySets.map(({ queries }) => [counted(queries, 'query', 'queries')]),
      ...study.runs
        .filter(({ name }) => name === run)
        .map(({ name, scorer }) => ['scored by ', foreign(name), scorer && ` (${scorer})`]),
    ]),
  );
}

/** Shows the first words of the newest report, and the way to it. */
export function showLead(study: Study): void {
  const [words] = study.words;
  const [report] = study.reports;
  const link =
    report?.html &&
    element(
      'a',
      { href: `/api/v1/reports/${encodeURIComponent(report.name)}/report.html` },
      'Read the report',
    );
  byId('lead').replaceChildren(
    ...(words || link ? [element('p', { class: 'lead' }, words ? `${words} ` : '', link || null)] : []),
  );
}

function joined(parts: (Node | string)[][]): (Node | string)[] {
  return parts.flatMap((part, i) => (i === 0 ? part : [' · ', ...part]));
}
