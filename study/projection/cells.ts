/** A part of a projection. */
export interface Region {
  x: readonly [number, number];
  y: readonly [number, number];
}

/** Points in each cell of a grid over a region. */
export interface CellCounts {
  columns: number;
  rows: number;
  /** `(rows, columns)` row-major, from the least x and y. */
  counts: Uint32Array;
  /** Points within the region. */
  points: number;
}

/** Counts the points in each cell of a grid over a region; what lies outside is passed over. */
export function countCells(
  places: Float32Array,
  { x, y }: Region,
  { columns, rows }: { columns: number; rows: number },
): CellCounts {
  const counts = new Uint32Array(columns * rows);
  const across = columns / (x[1] - x[0] || 1);
  const up = rows / (y[1] - y[0] || 1);
  let points = 0;
  for (let i = 0; i < places.length; i += 2) {
    const [atX, atY] = [places[i]!, places[i + 1]!];
    if (atX < x[0] || atX > x[1] || atY < y[0] || atY > y[1]) continue;
    // The far edges belong to the last cells.
    const column = Math.min(columns - 1, Math.floor((atX - x[0]) * across));
    const row = Math.min(rows - 1, Math.floor((atY - y[0]) * up));
    counts[row * columns + column]!++;
    points++;
  }
  return { columns, rows, counts, points };
}

/** The rows nearest to a place, nearest first. */
export function nearestPlaces(
  places: Float32Array,
  [x, y]: readonly [number, number],
  wanted: number,
): { row: number; distance: number }[] {
  const nearest: { row: number; distance: number }[] = [];
  for (let i = 0; i < places.length; i += 2) {
    const distance = Math.hypot(places[i]! - x, places[i + 1]! - y);
    if (nearest.length === wanted && distance >= nearest[wanted - 1]!.distance) continue;
    const at = nearest.findIndex((one) => distance < one.distance);
    nearest.splice(at < 0 ? nearest.length : at, 0, { row: i / 2, distance });
    if (nearest.length > wanted) nearest.pop();
  }
  return nearest;
}
