import { csvFormatRows } from 'd3';

type Cell = string | number | null | undefined;

/** Saves rows as a CSV file. A text that a spreadsheet would take for a formula is quoted by an apostrophe. */
export function saveCsv(name: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const lines = csvFormatRows([columns, ...rows].map((row) => row.map(cellText)));
  save(`${name}.csv`, new Blob([lines], { type: 'text/csv' }));
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return cell === null || cell === undefined ? '' : String(cell);
}

/** Saves a chart as an SVG file with its styles inside. */
export function saveSvg(name: string, frame: HTMLElement): void {
  save(`${name}.svg`, new Blob([svgText(frame)], { type: 'image/svg+xml' }));
}

const PIXEL_RATIO = 2;

/** Saves a chart as a PNG file, on the page's background, layer over layer. */
export async function savePng(name: string, frame: HTMLElement): Promise<void> {
  const canvas = document.createElement('canvas');
  canvas.width = frame.clientWidth * PIXEL_RATIO;
  canvas.height = frame.clientHeight * PIXEL_RATIO;
  const context = canvas.getContext('2d')!;
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, frame.clientWidth, frame.clientHeight);
  const { left, top } = frame.getBoundingClientRect();
  for (const layer of layersOf(frame)) {
    const place = layer.getBoundingClientRect();
    const at = [place.left - left, place.top - top, place.width, place.height] as const;
    if (layer instanceof HTMLCanvasElement) context.drawImage(layer, ...at);
    else await drawSvg(context, layer, at);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) save(`${name}.png`, blob);
}

async function drawSvg(
  context: CanvasRenderingContext2D,
  layer: SVGSVGElement,
  at: readonly [number, number, number, number],
): Promise<void> {
  const text = new XMLSerializer().serializeToString(styled(layer));
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    context.drawImage(image, ...at);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What a chart is drawn by, from the lowest up. */
function layersOf(frame: HTMLElement): (HTMLCanvasElement | SVGSVGElement)[] {
  return [...frame.querySelectorAll<HTMLCanvasElement | SVGSVGElement>('canvas, svg')].filter(
    (layer) => !layer.parentElement?.closest('svg'),
  );
}

const STYLES = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'opacity'],
  ...['font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline', 'display'],
];

const SVG = 'http://www.w3.org/2000/svg';

/** The layers of a chart as one SVG: canvases as images, and every element with the style that it has on the page. */
function svgText(frame: HTMLElement): string {
  const { clientWidth: width, clientHeight: height } = frame;
  // In a document of its own, in which nothing is loaded.
  const drawing = document.implementation.createDocument(SVG, 'svg');
  const root = drawing.documentElement;
  const make = (
    tag: string,
    attributes: Record<string, string | number>,
    element: Element = drawing.createElementNS(SVG, tag),
  ) => {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    return element;
  };
  make('svg', { width, height, viewBox: `0 0 ${width} ${height}` }, root);
  root.append(make('rect', { width, height, fill: getComputedStyle(document.body).backgroundColor }));
  for (const layer of layersOf(frame)) {
    root.append(
      layer instanceof HTMLCanvasElement
        ? make('image', { href: layer.toDataURL(), width, height })
        : drawing.adoptNode(styled(layer)),
    );
  }
  return new XMLSerializer().serializeToString(root);
}

function styled(layer: SVGSVGElement): Node {
  const copy = layer.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('width', String(layer.clientWidth));
  copy.setAttribute('height', String(layer.clientHeight));
  const originals = layer.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(originals[i]!);
    // As attributes: the page's policy allows no styles inside elements.
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute('class');
    element.removeAttribute('style');
  });
  return copy;
}

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
