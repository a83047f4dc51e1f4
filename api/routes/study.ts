import { basename, resolve } from 'node:path';
import { Router } from 'express';
import { listCorpora, listMeasurements, listQuerySets, listRuns, type Study } from '../../store/index.js';
import { listReports } from '../report-files.js';
import type { StudyView } from '../types.js';

/** GET /study: what the study holds. */
export function studyRoute(study: Study): Router {
  return Router().get('/study', (_request, response) => {
    response.json(readStudy(study));
  });
}

/** What a study holds. Its name is the newest report's, and the directory's where there is no report. */
export function readStudy(study: Study): StudyView {
  const reports = listReports(study);
  return {
    name: reports[0]?.study || basename(resolve(study.dir)),
    corpora: listCorpora(study.db).map(
      ({ id: _, fingerprint: __, folder: ___, embedderChoice: ____, ...corpus }) => corpus,
    ),
    querySets: listQuerySets(study.db).map(({ fingerprint: _, ...set }) => set),
    runs: listRuns(study.db).map(({ id: _, settings: __, ...run }) => run),
    measurements: listMeasurements(study.db),
    reports: reports.map(({ name, made, html }) => ({ name, made, html })),
    words: reports[0]?.words ?? [],
  };
}
