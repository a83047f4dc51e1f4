import { extent } from 'd3';
import { slopeText } from '../caption.js';
import type { Fit } from '../fit.js';
import { correlation, counted, perplexity, twoDigits } from '../format.js';
import { type DrawnPoint, mediansByKind } from '../points.js';
import type { Scale } from '../view-state.js';

/** The chart in sentences, for those who do not see it. */
export function summaryText(points: readonly DrawnPoint[], fit: Fit | null, y: Scale): string {
  if (points.length === 0) return 'No points are drawn.';
  const loss = (value: number) =>
    y === 'loss' ? `${twoDigits(value)} nats a token` : `perplexity ${perplexity(Math.exp(value))}`;
  const [lowX, highX] = extent(points, (point) => point.log10Density) as [number, number];
  const [lowY, highY] = extent(points, (point) => point.loss) as [number, number];
  const kinds = mediansByKind(points).map(
    (kind) =>
      `${kind.kind}: ${counted(kind.queries, 'query', 'queries')}, median log density ${twoDigits(kind.log10Density)}, median ${loss(kind.loss)}.`,
  );
  return [
    `${counted(points.length, 'query', 'queries')}.`,
    `Log10 density from ${twoDigits(lowX)} to ${twoDigits(highX)}, ${loss(lowY)} to ${loss(highY)}.`,
    fit ? `Correlation ${correlation(fit.r)}; ${slopeText(fit, y)} per tenfold density.` : '',
    ...kinds,
  ]
    .filter(Boolean)
    .join(' ');
}
