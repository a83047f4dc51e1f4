import { extent } from 'd3';
import { openPoints, type Points } from '../../density/index.js';
import {
  chunkAt,
  corpusNamed,
  DataError,
  Interrupted,
  listCorpora,
  listQuerySets,
  type OnProgress,
  type Projection,
  type ProjectionFrame,
  type ProjectionMethod,
  queriesOf,
  readQueryVectors,
  replaceProjection,
  type Study,
  UsageError,
} from '../../store/index.js';
import { labelPlaces } from './labels.js';
import { drawLandmarks } from './landmarks.js';
import { layOut } from './layout.js';
import { ROWS } from './nearest-landmarks.js';
import { place } from './place.js';
import { principalAxes } from './principal-axes.js';

/** What is projected, and how. */
export interface ProjectOptions {
  /** By default the method. */
  name?: string | undefined;
  method: ProjectionMethod;
  /** By default all that the embedder of the oldest one embedded. */
  corpora?: readonly string[] | undefined;
  /** Training points that the directions or the layout are computed from; 5,000 by default. */
  landmarks?: number | undefined;
  /** Of UMAP; 15 by default. */
  neighbours?: number | undefined;
  seed?: number | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
}

/** Fewer points have no shape. */
const FEWEST = 3;

/**
 * Projects the points of corpora, and the queries that their embedder embedded, to two dims, and keeps their places: along the two
 * principal directions of a sample, or between landmarks that UMAP laid out. Memory does not grow with the corpora's vectors.
 *
 * @throws UsageError for corpora that are not there, or settings that cannot be
 * @throws DataError for corpora of different embedders, or fewer than three points
 * @throws Interrupted where the signal stopped it; nothing is kept then
 */
export async function project(study: Study, options: ProjectOptions): Promise<Projection> {
  const { method, landmarks: wanted = 5000, neighbours = 15, seed = 1, onProgress, signal } = options;
  const names = options.corpora ?? comparableCorpora(study);
  const { fingerprint, dims } = corpusNamed(study.db, names[0]!);
  const points = openPoints(study, names, { fingerprint });
  try {
    const landmarks = drawLandmarks(points, wanted, seed);
    if (landmarks.rows.length < FEWEST) {
      throw new DataError(`${landmarks.rows.length} points have no shape to project; at least ${FEWEST} do.`);
    }
    const { frame: axes, variance } = principalAxes(landmarks.vectors, dims);
    const k = Math.min(neighbours, landmarks.rows.length - 1);
    const frame: ProjectionFrame =
      method === 'pca'
        ? { vectors: axes, places: new Float32Array() }
        : {
            vectors: landmarks.vectors,
            places: await layOut(landmarks.vectors, { dims, neighbours: k, seed, axes, onProgress, signal }),
          };
    const corpora = await placeCorpora(points, frame, { onProgress, signal });
    const querySets = new Map<number, Float32Array>();
    for (const set of listQuerySets(study.db)) {
      if (set.fingerprint !== fingerprint || set.queries === 0) continue;
      const vectors = readQueryVectors(study, set.name, queriesOf(study.db, set.id).length);
      querySets.set(set.id, await place(vectors, frame, { dims }));
    }
    const ofLandmarks = await place(landmarks.vectors, frame, { dims });
    const texts = landmarks.rows.map(
      ({ corpus, row }) => chunkAt(study.db, points[corpus]!.corpusId, row)?.text ?? '',
    );
    return replaceProjection(study.db, {
      ...{ name: options.name ?? method, method, fingerprint, frame, corpora, querySets },
      settings: {
        ...{ landmarks: landmarks.rows.length, neighbours: k, seed },
        variance: method === 'pca' ? variance : null,
        extent: extentOf([...corpora.values()]),
        labels: labelPlaces(ofLandmarks, texts),
        made: new Date().toISOString(),
      },
    });
  } finally {
    for (const { reader } of points) reader.close();
  }
}

function comparableCorpora({ db, dir }: Study): string[] {
  const corpora = listCorpora(db).filter(({ chunks, role }) => chunks > 0 && role !== 'intervention');
  const [first] = corpora;
  if (!first) throw new UsageError(`There is no corpus in ${dir} yet. Make one with: densimeter index`);
  return corpora.filter(({ fingerprint }) => fingerprint === first.fingerprint).map(({ name }) => name);
}

async function placeCorpora(
  points: readonly Points[],
  frame: ProjectionFrame,
  { onProgress, signal }: Pick<ProjectOptions, 'onProgress' | 'signal'>,
): Promise<Map<number, Float32Array>> {
  const total = points.reduce((sum, { reader }) => sum + reader.rows, 0);
  const corpora = new Map<number, Float32Array>();
  let done = 0;
  for (const { corpusId, corpus, reader } of points) {
    const { dims, rows } = reader;
    const places = new Float32Array(2 * rows);
    const block = new Float32Array(ROWS * dims);
    for (let from = 0; from < rows; from += ROWS) {
      if (signal?.aborted) throw new Interrupted('Stopped; nothing of the projection was kept.');
      const count = Math.min(ROWS, rows - from);
      reader.read(from, count, block);
      places.set(await place(block.subarray(0, count * dims), frame, { dims }), 2 * from);
      done += count;
      onProgress?.({ step: `placing ${corpus}`, done, total, unit: 'points' });
    }
    corpora.set(corpusId, places);
  }
  return corpora;
}

function extentOf(places: readonly Float32Array[]): Projection['extent'] {
  const ofDim = (dim: number) => {
    const found = places.map((own) => extent(own.filter((_, i) => i % 2 === dim)));
    return extent(found.flat() as number[]) as [number, number];
  };
  return { x: ofDim(0), y: ofDim(1) };
}
