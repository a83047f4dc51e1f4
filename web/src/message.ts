import type { Study } from '../../client/index.js';
import { button, byId, element } from './element.js';

/** Says that something is on its way. */
export function showLoading(what: string): void {
  byId('message').replaceChildren(element('p', { class: 'muted' }, `Loading ${what}…`));
}

/** Takes the message away. */
export function clearMessage(): void {
  byId('message').replaceChildren();
}

/** Says what went wrong, with ways on: trying again, and the page without its settings. */
export function showError(error: unknown, onRetry: () => void): void {
  const detail = error instanceof Error ? error.message : String(error);
  const reset = element('a', { href: location.pathname }, 'Start from the defaults');
  byId('message').replaceChildren(
    element(
      'div',
      { class: 'message' },
      element('h2', {}, 'This cannot be shown'),
      element('p', {}, detail),
      button({ class: 'quiet' }, onRetry, 'Try again'),
      ...(location.search ? ['\u2003', reset] : []),
    ),
  );
}

/** Says what the study is still missing before there is anything to draw. */
export function showEmpty(study: Study): void {
  const [title, detail] = whatIsMissing(study);
  byId('message').replaceChildren(
    element(
      'div',
      { class: 'message' },
      element('h2', {}, title),
      element(
        'p',
        {},
        detail,
        ' Run ',
        element('code', {}, 'densimeter run study.yaml'),
        ' and load this page again.',
      ),
    ),
  );
}

function whatIsMissing({ corpora, querySets, measurements, runs }: Study): [string, string] {
  if (corpora.length === 0) return ['The study is empty', 'No corpus has been indexed.'];
  if (querySets.every(({ queries }) => queries === 0)) return ['No queries yet', 'The corpora are indexed.'];
  if (measurements.length === 0) return ['Nothing measured yet', 'No density has been estimated.'];
  if (runs.length === 0) return ['No outcomes yet', 'No run has been scored on the queries.'];
  return ['No points to draw', 'No query has both a density and a loss for this measurement and run.'];
}
