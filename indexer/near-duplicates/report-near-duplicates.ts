import {
  corpusNamed,
  documentsOf,
  nearDuplicatesOf,
  type OnProgress,
  replaceNearDuplicates,
  type Study,
} from '../../store/index.js';
import {
  findNearDuplicates,
  type NearDuplicateOptions,
  type NearDuplicateSummary,
  summariseNearDuplicates,
} from './find-near-duplicates.js';

/** What the near duplicates of a corpus are in all, with the keys of the largest groups. */
export interface NearDuplicateReport extends NearDuplicateSummary {
  threshold: number;
  examples: string[][];
}

const EXAMPLES = 3;

/**
 * Finds the near duplicates among the training documents of a corpus and keeps them in the catalogue; none is dropped.
 *
 * @throws UsageError for a corpus that is not there, or a threshold that will not do
 */
export function reportNearDuplicates(
  study: Study,
  corpus: string,
  { onProgress, threshold = 0.8, ...options }: NearDuplicateOptions & { onProgress: OnProgress },
): NearDuplicateReport {
  const { id } = corpusNamed(study.db, corpus);
  const documents = {
    *[Symbol.iterator]() {
      let done = 0;
      for (const document of documentsOf(study.db, id, 'train')) {
        yield document;
        onProgress({ step: `comparing documents of ${corpus}`, done: ++done, unit: 'documents' });
      }
    },
  };
  const groups = findNearDuplicates(documents, { threshold, ...options });
  replaceNearDuplicates(study.db, id, groups);
  const examples = nearDuplicatesOf(study.db, id).slice(0, EXAMPLES);
  return { threshold, ...summariseNearDuplicates(groups), examples };
}
