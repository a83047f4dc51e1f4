import { sum } from 'd3';
import { counted, percent } from './format.js';

/** A part of a density, and who holds it. */
export interface NamedShare {
  label: string;
  share: number;
  title?: string;
}

/** Shares as a list of horizontal bars: the `top` largest, and the others as one. */
export function ShareBars({
  shares,
  top,
  others,
}: {
  shares: readonly NamedShare[];
  top: number;
  others: string;
}) {
  const shown = shares.length <= top + 1 ? shares : shares.slice(0, top);
  const rest = shares.slice(shown.length);
  const restShare = sum(rest, ({ share }) => share);
  const longest = Math.max(restShare, ...shown.map(({ share }) => share));
  const bar = ({ label, share, title }: NamedShare, name = '') => (
    <li key={label} class={name} title={title ?? label}>
      <bdi class="label">{label}</bdi>
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${longest > 0 ? (100 * share) / longest : 0}%` }} />
      </span>
      <span class="value">{percent(share)}</span>
    </li>
  );
  return (
    <ol class="bars">
      {shown.map((one) => bar(one))}
      {rest.length > 0 &&
        bar(
          { label: counted(rest.length, `other ${others}`, `other ${others}s`), share: restShare },
          'others',
        )}
    </ol>
  );
}
