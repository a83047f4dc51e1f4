import { useState } from 'preact/hooks';
import { Chart } from './chart.js';

const ROW = 24;
const LABEL = 190;
const TOP = 96;
const SHOWN = 30;

/** A heat map of rows and columns, with its numbers where there is room, which can be walked through by keys. */
export function HeatMap({
  name,
  title,
  summary,
  rows,
  columns,
  values,
  show,
}: {
  name: string;
  title: string;
  summary: string;
  rows: readonly { label: string; note: string }[];
  columns: readonly string[];
  values: readonly (readonly number[])[];
  show: (value: number) => string;
}) {
  const [shown, setShown] = useState(SHOWN);
  const own = rows.slice(0, shown);
  const most = Math.max(...values.flat().map(Math.abs), 1e-12);
  return (
    <>
      <Chart
        name={name}
        title={title}
        summary={summary}
        height={TOP + ROW * own.length + 4}
        data={{
          columns: ['subject', ...columns],
          rows: () => rows.map(({ label }, i) => [label, ...values[i]!]),
        }}
      >
        {({ width }) => {
          const label = Math.min(LABEL, width * 0.34);
          const step = (width - label) / columns.length;
          return (
            <svg aria-hidden="true" class="heat">
              {columns.map((column, c) => (
                <text
                  key={column}
                  transform={`translate(${label + (c + 0.5) * step},${TOP - 6}) rotate(-38)`}
                >
                  {column.length > 20 ? `${column.slice(0, 19)}…` : column}
                </text>
              ))}
              {own.map((row, r) => (
                <g key={row.label} transform={`translate(0,${TOP + ROW * r})`}>
                  <title>{`${row.label}: ${row.note}`}</title>
                  <text x={label - 8} y={ROW / 2} dy="0.34em" text-anchor="end">
                    {row.label.length > label / 7 ? `${row.label.slice(0, label / 7 - 1)}…` : row.label}
                  </text>
                  {values[r]!.map((value, c) => (
                    <g key={c} transform={`translate(${label + c * step},0)`}>
                      <title>{`${row.label}, ${columns[c]}: ${show(value)}`}</title>
                      <rect
                        class={value < 0 ? 'cell less' : 'cell'}
                        width={Math.max(1, step - 1)}
                        height={ROW - 1}
                        fill-opacity={Math.abs(value) / most}
                      />
                      {step > 46 && (
                        <text
                          class={Math.abs(value) / most > 0.6 ? 'on' : ''}
                          x={step / 2}
                          y={ROW / 2}
                          dy="0.34em"
                          text-anchor="middle"
                        >
                          {show(value)}
                        </text>
                      )}
                    </g>
                  ))}
                </g>
              ))}
            </svg>
          );
        }}
      </Chart>
      {rows.length > shown && (
        <button type="button" class="quiet" onClick={() => setShown(rows.length)}>
          {rows.length - shown} more
        </button>
      )}
    </>
  );
}
