import { blur2, contours, geoPath, geoTransform, max } from 'd3';

/** A grid of numbers over a region of a map. */
export interface Field {
  columns: number;
  rows: number;
  /** `(rows, columns)` row-major, from the least x and y. */
  values: Float64Array;
  /** From white to full colour; with two colours, values below 0 take the second. */
  isDiverging: boolean;
}

const BLUR = 1.2;
const LEVELS = 7;

/** How crowded the map is: counts, smoothed over neighbouring cells. */
export function crowding(
  { columns, rows }: { columns: number; rows: number },
  counts: readonly number[],
): Field {
  const values = Float64Array.from(counts);
  blur2({ data: values, width: columns, height: rows }, BLUR);
  return { columns, rows, values, isDiverging: false };
}

/** log2 of how much likelier a place is for one corpus than for the others, near 0 where hardly anything is. */
export function logRatio(
  { columns, rows }: { columns: number; rows: number },
  own: readonly number[],
  others: readonly number[],
): Field {
  const [a, b] = [crowding({ columns, rows }, own).values, crowding({ columns, rows }, others).values];
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) || 1;
  const [totalA, totalB] = [total(a), total(b)];
  // One point more a cell keeps empty places at 0.
  const floor = 1 / Math.max(totalA, totalB);
  return {
    ...{ columns, rows, isDiverging: true },
    values: a.map((value, i) => Math.log2((value / totalA + floor) / (b[i]! / totalB + floor))),
  };
}

/** Paints a field onto a canvas of its own size; the page stretches it. */
export function paintField(canvas: HTMLCanvasElement, { columns, rows, values, isDiverging }: Field): void {
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(columns, rows);
  const [more, less] = ['--field', '--field-less'].map((property) => channelsOf(canvas, property));
  const most = max(values, Math.abs) || 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      const at = 4 * ((rows - 1 - row) * columns + column);
      const [red, green, blue] = isDiverging && value < 0 ? less! : more!;
      image.data[at] = red;
      image.data[at + 1] = green;
      image.data[at + 2] = blue;
      // Square roots show the sparse parts too.
      image.data[at + 3] = 255 * Math.min(1, isDiverging ? Math.abs(value) / most : Math.sqrt(value / most));
    }
  }
  context.putImageData(image, 0, 0);
}

/** Lines of equal crowding, as SVG paths in pixels. */
export function contourPaths(
  { columns, rows, values }: Field,
  { width, height }: { width: number; height: number },
): string[] {
  const most = max(values) || 1;
  const levels = Array.from({ length: LEVELS }, (_, i) => most * ((i + 1) / (LEVELS + 1)) ** 2);
  const toPixels = geoTransform({
    point(x, y) {
      this.stream.point((x * width) / columns, height - (y * height) / rows);
    },
  });
  return contours()
    .size([columns, rows])
    .thresholds(levels)(Array.from(values))
    .map((one) => geoPath(toPixels)(one) ?? '');
}

function channelsOf(canvas: HTMLCanvasElement, property: string): [number, number, number] {
  canvas.style.color = `var(${property})`;
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(canvas).color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
