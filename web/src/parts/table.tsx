import { ascending, descending } from 'd3';
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { saveCsv } from '../charts/save.js';

/** A column of a table. */
export interface Column<Row> {
  name: string;
  /** What rows are sorted by, and what stands in the CSV file. */
  value: (row: Row) => string | number | null;
  /** How it is shown; by default the value. */
  show?: (row: Row) => ComponentChildren;
  isText?: boolean;
  /** What the numbers mean. */
  title?: string;
}

const SHOWN = 50;

/** A table that can be sorted by any column, shown in part, and had whole as CSV. */
export function Table<Row>({
  columns,
  rows,
  name,
  sortedBy,
  onOpen,
  shown: first = SHOWN,
}: {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Of the CSV file. */
  name: string;
  /** A column's name, "-" before it for the largest first. */
  sortedBy?: string;
  onOpen?: (row: Row) => void;
  shown?: number;
}) {
  const [sort, setSort] = useState(sortedBy ?? '');
  const [shown, setShown] = useState(first);
  const column = columns.find((one) => one.name === sort.replace(/^-/, ''));
  const order = sort.startsWith('-') ? descending : ascending;
  // Hundreds of thousands are not sorted again for every frame.
  const sorted = useMemo(
    () =>
      column
        ? [...rows].sort((a, b) => {
            const [left, right] = [column.value(a), column.value(b)];
            return Number(left === null) - Number(right === null) || order(left ?? 0, right ?? 0);
          })
        : rows,
    [rows, sort],
  );
  return (
    <div class="table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scrolls" tabIndex={0} aria-label={name}>
        <table>
          <thead>
            <tr>
              {columns.map((one) => (
                <th
                  key={one.name}
                  scope="col"
                  class={one.isText ? 'text' : ''}
                  aria-sort={one !== column ? 'none' : sort.startsWith('-') ? 'descending' : 'ascending'}
                >
                  <button
                    type="button"
                    title={one.title ?? ''}
                    onClick={() => setSort(sort === one.name ? `-${one.name}` : one.name)}
                  >
                    {one.name}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((row, i) => (
              <tr key={i} class={onOpen ? 'opens' : ''} onClick={() => onOpen?.(row)}>
                {columns.map((one, c) => (
                  <td key={one.name} class={one.isText ? 'text' : ''}>
                    {c === 0 && onOpen ? (
                      <button
                        type="button"
                        class="link"
                        onClick={(event) => {
                          event.stopPropagation();
                          onOpen(row);
                        }}
                      >
                        {shownIn(one, row)}
                      </button>
                    ) : (
                      shownIn(one, row)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="under">
        {rows.length > shown && (
          <button type="button" class="quiet" onClick={() => setShown(shown + 200)}>
            {(rows.length - shown).toLocaleString('en')} more
          </button>
        )}{' '}
        <button
          type="button"
          class="quiet"
          onClick={() =>
            saveCsv(
              name,
              columns.map((one) => one.name),
              sorted.map((row) => columns.map((one) => one.value(row))),
            )
          }
        >
          CSV
        </button>
      </p>
    </div>
  );
}

function shownIn<Row>({ show, value, isText }: Column<Row>, row: Row): ComponentChildren {
  if (show) return show(row);
  const own = value(row);
  return isText ? <bdi>{own}</bdi> : (own ?? '–');
}
