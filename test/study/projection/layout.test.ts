import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { labelPlaces } from '../../../study/projection/labels.js';
import { layOut } from '../../../study/projection/layout.js';
import { nearestLandmarks } from '../../../study/projection/nearest-landmarks.js';
import { place } from '../../../study/projection/place.js';
import { principalAxes } from '../../../study/projection/principal-axes.js';
import { unitVectors } from '../../support/unit-vectors.js';

const DIMS = 16;

/** Unit vectors around three directions; row i is of group i % 3. */
function threeGroups(rows: number, seed: number): Float32Array {
  const noise = unitVectors(rows, DIMS, seed);
  for (let row = 0; row < rows; row++) {
    const own = noise.subarray(row * DIMS, (row + 1) * DIMS);
    own.forEach((value, i) => {
      own[i] = 0.4 * value + (i === row % 3 ? 1 : 0);
    });
    const length = Math.hypot(...own);
    own.forEach((value, i) => {
      own[i] = value / length;
    });
  }
  return noise;
}

const rowOf = (vectors: Float32Array, row: number, dims = DIMS) =>
  vectors.subarray(row * dims, (row + 1) * dims);

describe('principal axes', () => {
  const vectors = threeGroups(300, 1);
  const { frame, variance } = principalAxes(vectors, DIMS);

  it('are the first eigenvectors of the covariance, upright, with their shares of the variance', () => {
    const matrix = Matrix.from1DArray(300, DIMS, vectors);
    const mean = matrix.mean('column');
    const centred = matrix.clone().subRowVector(mean);
    const covariance = centred.transpose().mmul(centred).div(299);
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance);
    const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
    rowOf(frame, 0).forEach((value, i) => {
      expect(value).toBeCloseTo(mean[i]!, 6);
    });
    for (const axis of [0, 1]) {
      const wanted = eigenvectorMatrix.getColumn(order[axis]!);
      const product = wanted.reduce((sum, value, i) => sum + value * rowOf(frame, axis + 1)[i]!, 0);
      expect(Math.abs(product)).toBeGreaterThan(0.999999);
      const largest = [...rowOf(frame, axis + 1)].sort((a, b) => Math.abs(b) - Math.abs(a))[0]!;
      expect(largest).toBeGreaterThan(0);
      expect(variance[axis]).toBeCloseTo(realEigenvalues[order[axis]!]! / covariance.trace(), 6);
    }
  });

  it('are none where vectors do not vary', () => {
    const same = Float32Array.from({ length: 5 * 4 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    expect([...principalAxes(same, 4).frame]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const alongOne = Float32Array.of(1, 0, 0, 1, 1, 0);
    const found = principalAxes(alongOne, 2);
    expect(found.variance.map((share) => Math.round(1e6 * share) / 1e6)).toEqual([1, 0]);
    expect([...found.frame.subarray(4)]).toEqual([0, 0]);
  });

  it('place vectors at their scores', async () => {
    const places = await place(vectors, { vectors: frame, places: new Float32Array() }, { dims: DIMS });
    const score = rowOf(vectors, 7).reduce((sum, value, i) => {
      return sum + (value - rowOf(frame, 0)[i]!) * rowOf(frame, 1)[i]!;
    }, 0);
    expect(places[14]).toBeCloseTo(score, 5);
  });
});

describe('nearest landmarks', () => {
  it('are those of a float64 search, with their distances', async () => {
    const landmarks = unitVectors(200, DIMS, 2);
    const vectors = unitVectors(50, DIMS, 3);
    const found = await nearestLandmarks(vectors, landmarks, { dims: DIMS, k: 5 });
    for (let row = 0; row < 50; row++) {
      const wanted = Array.from({ length: 200 }, (_, landmark) => ({
        landmark,
        distance: Math.hypot(...rowOf(vectors, row).map((x, i) => x - rowOf(landmarks, landmark)[i]!)),
      }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 5);
      expect([...rowOf(found.landmarks as never, row, 5)]).toEqual(wanted.map(({ landmark }) => landmark));
      wanted.forEach(({ distance }, i) => {
        expect(found.distances[5 * row + i]).toBeCloseTo(distance, 5);
      });
    }
  });
});

describe('a layout', () => {
  const landmarks = threeGroups(240, 4);
  const axes = principalAxes(landmarks, DIMS).frame;
  const laidOut = layOut(landmarks, { dims: DIMS, neighbours: 10, seed: 1, axes });

  const centre = (places: Float32Array, group: number): [number, number] => {
    const own = [...places.keys()].filter((i) => i % 2 === 0 && (i / 2) % 3 === group);
    return [0, 1].map((dim) => own.reduce((sum, i) => sum + places[i + dim]!, 0) / own.length) as [
      number,
      number,
    ];
  };

  it('keeps three groups apart', async () => {
    const places = await laidOut;
    const centres = [0, 1, 2].map((group) => centre(places, group));
    for (let row = 0; row < 240; row++) {
      const distances = centres.map(([x, y]) => Math.hypot(places[2 * row]! - x, places[2 * row + 1]! - y));
      expect(distances.indexOf(Math.min(...distances))).toBe(row % 3);
    }
  });

  it('is the same for the same seed', async () => {
    expect(await layOut(landmarks, { dims: DIMS, neighbours: 10, seed: 1, axes })).toEqual(await laidOut);
    expect(await layOut(landmarks, { dims: DIMS, neighbours: 10, seed: 2, axes })).not.toEqual(await laidOut);
  });

  it('places a landmark where it is, and new vectors within their group', async () => {
    const places = await laidOut;
    const frame = { vectors: landmarks, places };
    expect(await place(landmarks, frame, { dims: DIMS })).toEqual(places);
    const added = await place(threeGroups(90, 5), frame, { dims: DIMS });
    const centres = [0, 1, 2].map((group) => centre(places, group));
    for (let row = 0; row < 90; row++) {
      const distances = centres.map(([x, y]) => Math.hypot(added[2 * row]! - x, added[2 * row + 1]! - y));
      expect(distances.indexOf(Math.min(...distances))).toBe(row % 3);
    }
  });
});

describe('labels', () => {
  it('name crowded places by the words that tell their texts from the others', () => {
    const subjects = ['navy ships harbour', 'bank money credit', 'school children learning'];
    const rows = 300;
    const texts = Array.from({ length: rows }, (_, i) => `The and of ${subjects[i % 3]} number${i}`);
    const places = unitVectors(rows, 2, 6).map((value, i) => value + 20 * (Math.floor(i / 2) % 3));
    const labels = labelPlaces(places, texts);
    const named = labels.map(({ words }) => [...words].sort().join(' '));
    for (const subject of subjects) expect(named).toContain(subject.split(' ').sort().join(' '));
    for (const name of named) expect(name).not.toMatch(/\b(the|and)\b/);
  });

  it('are none where there are no texts', () => {
    expect(labelPlaces(new Float32Array(), [])).toEqual([]);
  });
});
