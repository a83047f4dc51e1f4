import { expect, it } from 'vitest';
import type { Points } from '../../density/index.js';
import { projectPoints } from '../../density/projected-points.js';
import { unitVectors } from '../support/unit-vectors.js';

const FROM = 128;
const vectors = unitVectors(300, FROM, 5);
const points: Points[] = [
  {
    ...{ corpusId: 1, corpus: 'made', folder: '/somewhere' },
    documentOfRow: new Int32Array(300),
    documents: [{ key: 'a', source: 'a' }],
    reader: {
      dims: FROM,
      rows: 300,
      read: (first, count, into) => into.set(vectors.subarray(first * FROM, (first + count) * FROM)),
      close: () => {},
    },
  },
];

it('projects points and queries alike, to unit vectors, the same by the same seed', () => {
  const { points: projected, project } = projectPoints(points, 8, 1);
  const { reader, folder } = projected[0]!;
  expect([reader.dims, reader.rows, folder]).toEqual([8, 300, undefined]);
  const rows = new Float32Array(10 * 8);
  reader.read(20, 10, rows);
  expect(rows).toEqual(project(vectors.subarray(20 * FROM, 30 * FROM)));
  for (let row = 0; row < 10; row++) {
    expect(Math.hypot(...rows.subarray(row * 8, row * 8 + 8))).toBeCloseTo(1, 6);
  }
  expect(projectPoints(points, 8, 1).project(vectors)).toEqual(project(vectors));
  expect(projectPoints(points, 8, 2).project(vectors)).not.toEqual(project(vectors));
});

it('keeps angles about as far as so few dims can (Johnson & Lindenstrauss 1984)', () => {
  const { project } = projectPoints(points, 64, 1);
  const near = vectors.slice(0, FROM);
  near[0]! += 0.05;
  const length = Math.hypot(...near);
  const pair = project(
    Float32Array.from([...vectors.subarray(0, FROM), ...near.map((value) => value / length)]),
  );
  const dot = pair.subarray(0, 64).reduce((sum, value, i) => sum + value * pair[64 + i]!, 0);
  expect(dot).toBeGreaterThan(0.99);
});
