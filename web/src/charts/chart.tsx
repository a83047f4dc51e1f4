import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { saveCsv, savePng, saveSvg } from './save.js';

/** A size in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The data behind a chart. */
export interface ChartData {
  columns: readonly string[];
  rows: () => readonly (readonly (string | number | null)[])[];
}

/** A chart with a title, what it shows in words for those who do not see it, and buttons that save it. */
export function Chart({
  name,
  title,
  summary,
  data,
  children,
  height,
  isTall = false,
  role = 'img',
}: {
  /** Of the files. */
  name: string;
  title?: ComponentChildren;
  summary: string;
  data?: ChartData;
  height?: number;
  /** As high as the window has room for. */
  isTall?: boolean;
  /** `group` where what is in it can be reached by keys. */
  role?: 'img' | 'group';
  /** What is drawn into a frame of that size. */
  children: (size: Size) => ComponentChildren;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const id = useId();
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        <span class="saves">
          <button type="button" class="quiet" onClick={() => frame.current && saveSvg(name, frame.current)}>
            SVG
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => frame.current && void savePng(name, frame.current)}
          >
            PNG
          </button>
          {data && (
            <button type="button" class="quiet" onClick={() => saveCsv(name, data.columns, data.rows())}>
              CSV
            </button>
          )}
        </span>
      </figcaption>
      <p id={id} class="for-reader">
        {summary}
      </p>
      <div
        ref={frame}
        class={isTall ? 'frame tall' : 'frame'}
        {...{ role, 'aria-label': typeof title === 'string' ? title : name, 'aria-describedby': id }}
        style={height === undefined ? {} : { height: `${height}px` }}
      >
        {size.width > 0 && size.height > 0 && children(size)}
      </div>
    </figure>
  );
}

function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const own = element.current!;
    const measure = () => setSize({ width: own.clientWidth, height: own.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(own);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
