import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomLcg, randomNormal } from 'd3';
import {
  addOutcomes,
  ensureRun,
  openStudy,
  replaceMeasurement,
  replaceQuerySet,
  type Study,
  setControl,
} from '../../store/index.js';
import { MODELS, REPORT_FORMATS, reportRequest, writeReport } from '../../study/index.js';
import { pythonPeer } from './python-peer.js';
import type { BenchRow } from './row.js';

const RUNS = 1000;
const QUERIES = 5000;
const GROUPS = 57;
const JOBS = 2;
const GOAL_SECONDS = 180;
/** Regressions that the peer does, of the same size. */
const PEER_FITS = 40;

/** A batch of regressions of many runs, against statsmodels doing some of the same. */
export async function benchReports(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'densimeter-reports-'));
  const study = openStudy(dir, { write: true });
  try {
    fill(study);
    const about = { name: 'bench', runs: [], measurement: 'base', groupBy: 'source' as const };
    const request = reportRequest(study, { ...about, folds: 10, seed: 1 });
    const formats = REPORT_FORMATS;
    const timed = async () => {
      const start = performance.now();
      const { report, files } = await writeReport(study, request, { formats, jobs: JOBS });
      const size = statSync(files.find((file) => file.endsWith('.html'))!).size;
      return { seconds: (performance.now() - start) / 1000, cells: report.cells.length, size };
    };
    const first = await timed();
    const again = await timed();
    const peer = pythonPeer<{ seconds: number }>(
      'statsmodels',
      STATSMODELS,
      ...[QUERIES, GROUPS, PEER_FITS].map(String),
    );
    const theirs = 'absent' in peer ? undefined : (peer.result.seconds / PEER_FITS) * first.cells;
    return [
      {
        name: 'report_seconds',
        value: first.seconds,
        unit: 's',
        range: [first.seconds, first.seconds],
        against:
          theirs === undefined
            ? `statsmodels is not there: ${(peer as { absent: string }).absent}`
            : `statsmodels, OLS with cluster errors and the same 10 folds by numpy, one core: ${theirs.toFixed(0)} s, from ${PEER_FITS} of them`,
        ratio: theirs === undefined ? null : theirs / first.seconds,
        goal: `< ${GOAL_SECONDS} s`,
        met: first.seconds < GOAL_SECONDS && first.cells === RUNS * MODELS.length,
        note: `${RUNS} runs × ${QUERIES} queries × ${MODELS.length} models on ${JOBS} threads: the whole report with ${first.cells} regressions (cluster errors, 10 folds), as HTML (${(first.size / 1e6).toFixed(1)} MB), JSON, Markdown, CSV and Parquet; again with nothing changed ${again.seconds.toFixed(1)} s; peak memory ${peakMemory()} MB`,
      },
    ];
  } finally {
    study.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A study of made-up numbers: queries in groups, seven controls, and losses that depend on them. */
function fill(study: Study): void {
  const { db } = study;
  const normal = randomNormal.source(randomLcg(1))(0, 1);
  const set = replaceQuerySet(
    db,
    { name: 'set', embedder: 'none', fingerprint: 'none', dims: 1 },
    Array.from({ length: QUERIES }, (_, q) => ({
      ...{ key: `q${q}`, kind: 'query', document: `d${q}`, source: `subject ${q % GROUPS}`, text: `${q}` },
    })),
  );
  const ids = db
    .prepare<[number], number>('SELECT id FROM queries WHERE query_set_id = ? ORDER BY row')
    .pluck()
    .all(set.id);
  const density = ids.map(() => -4 + normal());
  const controls = ['digit_share', 'unigram_cross_entropy', 'ngrams_seen_3', 'nearest_distance'].map(
    (name) => {
      const values = ids.map((_, q) => 5 + normal() + 0.4 * density[q]!);
      setControl(
        db,
        name,
        ids.map((id, q) => [id, values[q]!]),
      );
      return values;
    },
  );
  setControl(
    db,
    'words',
    ids.map((id) => [id, 20 + Math.exp(3 + normal() / 2)]),
  );
  replaceMeasurement(
    db,
    {
      ...{ name: 'base', querySetId: set.id, corpora: ['none'], kernel: 'exponential', bandwidth: 0.1 },
      ...{ bandwidthRule: 'given', estimator: 'exact', estimatorRule: 'given' },
      ...{ relativeError: null, budget: null, seed: 1, points: 1 },
    },
    ids.map((queryId, q) => ({
      ...{ queryId, log10Density: density[q]!, log10Low: density[q]!, log10High: density[q]! },
      ...{ effectiveSamples: 1, touched: 1, shares: [], neighbours: [], curve: [], controls: {} },
    })),
  );
  for (let r = 0; r < RUNS; r++) {
    const run = ensureRun(db, { name: `run-${r}`, scorer: 'import' });
    addOutcomes(
      db,
      run.id,
      ids.map((queryId, q) => ({
        queryId,
        metrics: { loss: 12 + normal() - 0.3 * density[q]! + 0.1 * controls[1]![q]! },
      })),
    );
  }
}

/** The most memory that this process had, MB; not maxRSS, which a process has from the one that started it. */
function peakMemory(): number {
  const peak = /VmHWM:\s+(?<kilobytes>\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))!;
  return Math.round((Number(peak.groups!.kilobytes) * 1024) / 1e6);
}

/** As many regressions on seven columns as asked for: fitted with cluster errors, and out of sample with and without the last. */
const STATSMODELS = `
import sys, json, time
import numpy as np
import statsmodels.api as sm
n, groups, fits = map(int, sys.argv[1:4])
rng = np.random.default_rng(1)
g = np.arange(n) % groups
x = sm.add_constant(rng.normal(size=(n, 6)))
ys = rng.normal(size=(fits, n))
fold = g % 10
start = time.perf_counter()
for y in ys:
    sm.OLS(y, x).fit(cov_type='cluster', cov_kwds={'groups': g}).pvalues
    for columns in (x, x[:, :-1]):
        for f in range(10):
            train = fold != f
            beta = np.linalg.lstsq(columns[train], y[train], rcond=None)[0]
            ((y[~train] - columns[~train] @ beta) ** 2).sum()
print(json.dumps({'seconds': time.perf_counter() - start}))
`;
