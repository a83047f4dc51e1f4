import { basename, resolve } from 'node:path';
import {
  listMeasurements,
  listQuerySets,
  listRuns,
  type Study,
  summariseCorpora,
} from '../../store/index.js';
import { type Endpoint, endpoint } from '../endpoint.js';
import { listReports } from '../report-files.js';
import { type StudyView, studySchema } from '../schemas/study.js';

/** GET /study: what the study holds. */
export function studyEndpoints(study: Study): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/study',
      operation: 'getStudy',
      summary: 'What the study holds: corpora, query sets, runs, measurements and reports.',
      answer: studySchema,
      handle: () => readStudy(study),
    }),
  ];
}

/** What a study holds. Its name is the newest report's, and the directory's where there is no report. */
export function readStudy(study: Study): StudyView {
  const reports = listReports(study);
  return {
    name: reports[0]?.study || basename(resolve(study.dir)),
    corpora: summariseCorpora(study.db).map(
      ({ id: _, fingerprint: __, folder: ___, embedderChoice: ____, ...corpus }) => corpus,
    ),
    querySets: listQuerySets(study.db).map(({ fingerprint: _, ...set }) => set),
    runs: listRuns(study.db).map(({ id: _, settings: __, ...run }) => run),
    measurements: listMeasurements(study.db),
    reports: reports.map(({ name, made, html }) => ({ name, made, html })),
    words: reports[0]?.words ?? [],
  };
}
