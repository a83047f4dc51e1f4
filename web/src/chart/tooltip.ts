import { element, foreign } from '../element.js';
import { perplexity, twoDigits } from '../format.js';
import { type KindMark, swatch } from '../kind-marks.js';
import type { DrawnPoint } from '../points.js';

const GAP = 14;

/** Shows a point's facts beside it, on the side where there is room. */
export function showTooltip(
  tooltip: HTMLElement,
  point: DrawnPoint,
  mark: KindMark | undefined,
  [x, y]: [number, number],
): void {
  tooltip.replaceChildren(
    element('p', {}, swatch(mark), ' ', foreign(point.kind), ' · ', foreign(point.source)),
    element('p', {}, factsText(point)),
    element('p', { class: 'excerpt', dir: 'auto' }, foreign(point.excerpt)),
  );
  tooltip.hidden = false;
  const { clientWidth, clientHeight } = tooltip.parentElement!;
  const { offsetWidth, offsetHeight } = tooltip;
  const right = x + GAP + offsetWidth <= clientWidth;
  const left = right ? x + GAP : Math.max(0, x - GAP - offsetWidth);
  const top = Math.max(0, Math.min(clientHeight - offsetHeight, y - offsetHeight / 2));
  tooltip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/** A point's density, loss and perplexity in words. */
export function factsText({ log10Density, loss }: DrawnPoint): string {
  return `log₁₀ density ${twoDigits(log10Density)}, loss ${twoDigits(loss)}, perplexity ${perplexity(Math.exp(loss))}`;
}
