import { hierarchy, treemap } from 'd3';
import type { Share } from '../../../../client/index.js';
import { Chart } from '../../charts/chart.js';
import { percent } from '../../parts/format.js';

/** Which documents hold a density, as areas, by corpus. */
export function Treemap({ shares }: { shares: readonly Share[] }) {
  const known = shares.reduce((sum, { share }) => sum + share, 0);
  const [first] = shares;
  return (
    <Chart
      name="documents"
      title={`${shares.length} documents hold ${percent(known)} of the density`}
      summary={`The largest is ${first?.label} with ${percent(first?.share ?? 0)}.`}
      height={180}
      data={{
        columns: ['corpus', 'document', 'share', 'standardError'],
        rows: () =>
          shares.map(({ corpus, label, share, standardError }) => [corpus, label, share, standardError]),
      }}
    >
      {({ width, height }) => {
        const root = treemap<Partial<Share> & { children?: Share[] }>().size([width, height]).paddingInner(2)(
          hierarchy<Partial<Share> & { children?: Share[] }>({ children: [...shares] }).sum(
            ({ share = 0 }) => share,
          ),
        );
        return (
          <svg aria-hidden="true">
            {root.leaves().map(({ x0, x1, y0, y1, data: { label = '', share = 0 } }) => (
              <g key={label}>
                <title>{`${label}: ${percent(share)}`}</title>
                <rect class="tile" x={x0} y={y0} width={x1 - x0} height={y1 - y0} />
                {x1 - x0 > 56 && y1 - y0 > 22 && (
                  <text class="tile-label" x={x0 + 5} y={y0 + 15}>
                    {label.slice(0, Math.floor((x1 - x0) / 7))}
                  </text>
                )}
                {x1 - x0 > 56 && y1 - y0 > 38 && (
                  <text class="tile-label" x={x0 + 5} y={y0 + 31}>
                    {percent(share)}
                  </text>
                )}
              </g>
            ))}
          </svg>
        );
      }}
    </Chart>
  );
}
