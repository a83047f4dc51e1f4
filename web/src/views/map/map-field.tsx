import { pointer, scaleLinear, select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Projection } from '../../../../client/index.js';
import { useNavigation } from '../../app/navigation.js';
import type { Size } from '../../charts/chart.js';
import { answerOf, client } from '../../data/api.js';
import { useAnswer } from '../../data/use-answer.js';
import { useAsked } from '../../data/use-asked.js';
import { useSettled } from '../../data/use-settled.js';
import { count, twoDigits } from '../../parts/format.js';
import { Failure } from '../../parts/message.js';
import { contourPaths, crowding, logRatio, paintField } from './density-field.js';
import { NearbyTexts } from './nearby-texts.js';
import { type PlacedQuery, paintQueries } from './paint-queries.js';
import { roomyLabels } from './roomy-labels.js';

const COLUMNS = 192;
const MOST_ZOOM = 60;
/** Pixels that an arrow key moves the map. */
const STEP = 40;

/** The map itself: crowding with contours and labels, the queries, texts under the pointer, and a lasso. */
export function MapField({
  projection,
  against,
  size,
  queries,
  tool,
  selected,
  onOpen,
  onLasso,
}: {
  projection: Projection;
  against: string | null;
  size: Size;
  queries: readonly PlacedQuery[];
  tool: 'pan' | 'lasso';
  /** Others fade; null where there is no selection. */
  selected: readonly PlacedQuery[] | null;
  onOpen: (id: number) => void;
  /** Hears of the corners of a lasso, in the units of the projection. */
  onLasso: (corners: [number, number][]) => void;
}) {
  const { state } = useNavigation();
  const frame = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const [transform, setTransform] = useState<ZoomTransform>(zoomIdentity);
  const behaviourOf = useRef<ZoomBehavior<HTMLDivElement, unknown> | null>(null);
  const [walked, setWalked] = useState(-1);
  const [lasso, setLasso] = useState<[number, number][]>([]);
  const [at, setAt] = useState<[number, number] | null>(null);
  const asked = useAsked(projection.name).data;
  const { x, y } = useMemo(
    () => scalesOf(projection, size, transform),
    [projection, size.width, size.height, transform],
  );
  const region = useSettled(useMemo(() => ({ x: x.domain(), y: y.domain() }) as Region, [x, y]));
  const image = useAnswer(JSON.stringify([projection.name, projection.made, region]), (signal) => {
    const [x0, x1, y0, y1] = [...region.x, ...region.y].map((value) => value.toFixed(6));
    const query = { x0: x0!, x1: x1!, y0: y0!, y1: y1!, columns: String(COLUMNS) };
    return answerOf(
      client.GET('/projections/{name}', { params: { path: { name: projection.name }, query }, signal }),
    );
  });
  const shown = image.data;
  const painted = useMemo(() => {
    if (!shown) return undefined;
    const others = (without: string | null) =>
      shown.corpora
        .filter(({ name }) => name !== without)
        .reduce(
          (sum, { counts }) => sum.map((value, i) => value + counts[i]!),
          new Array<number>(shown.columns * shown.rows).fill(0),
        );
    const own = shown.corpora.find(({ name }) => name === against)?.counts;
    return own ? logRatio(shown, own, others(against)) : crowding(shown, others(null));
  }, [shown, against]);
  const paths = useMemo(
    () => (painted && !painted.isDiverging ? contourPaths(painted, { width: 1000, height: 1000 }) : []),
    [painted],
  );
  const theme = document.documentElement.dataset.theme;
  useEffect(() => {
    if (painted && field.current) paintField(field.current, painted);
  }, [painted, theme]);
  useEffect(() => {
    if (marks.current) paintQueries(marks.current, queries, { x, y }, selected);
  });
  useEffect(() => {
    const bounds: [[number, number], [number, number]] = [
      [0, 0],
      [size.width, size.height],
    ];
    const behaviour = zoom<HTMLDivElement, unknown>()
      .scaleExtent([1, MOST_ZOOM])
      .extent(bounds)
      .translateExtent(bounds)
      .filter((event: Event) => event.type === 'wheel' || frame.current!.dataset.tool === 'pan')
      .on('zoom', ({ transform: next }: { transform: ZoomTransform }) => setTransform(next));
    const target = select(frame.current!).call(behaviour).on('dblclick.zoom', null);
    behaviourOf.current = behaviour;
    return () => void target.on('.zoom', null);
  }, [size.width, size.height]);

  /** Arrows move the map, + and − zoom, 0 shows all of it; N goes from query to query, Enter opens one. */
  function press(event: KeyboardEvent): void {
    const [behaviour, target] = [behaviourOf.current, select(frame.current!)];
    const by: Record<string, () => void> = {
      '+': () => behaviour?.scaleBy(target, 1.5),
      '=': () => behaviour?.scaleBy(target, 1.5),
      '-': () => behaviour?.scaleBy(target, 1 / 1.5),
      '0': () => behaviour?.transform(target, zoomIdentity),
      ArrowLeft: () => behaviour?.translateBy(target, STEP, 0),
      ArrowRight: () => behaviour?.translateBy(target, -STEP, 0),
      ArrowUp: () => behaviour?.translateBy(target, 0, STEP),
      ArrowDown: () => behaviour?.translateBy(target, 0, -STEP),
      n: () => setWalked((walked + 1) % Math.max(1, queries.length)),
      Enter: () => queries[walked] && onOpen(queries[walked].id),
    };
    if (!by[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    by[event.key]!();
  }

  function drag(event: PointerEvent): void {
    if (tool !== 'lasso' || event.button !== 0) return;
    const corners: [number, number][] = [pointer(event, frame.current!) as [number, number]];
    const move = (moved: PointerEvent) => {
      corners.push(pointer(moved, frame.current!) as [number, number]);
      setLasso([...corners]);
    };
    const end = () => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', end);
      setLasso([]);
      if (corners.length > 3) onLasso(corners.map(([atX, atY]) => [x.invert(atX), y.invert(atY)]));
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', end);
  }

  const settledAt = useSettled(at);
  // The field that is shown may be of the region before, stretched until its own is there.
  const stretched = shown && {
    left: `${x(shown.region.x[0]!)}px`,
    top: `${y(shown.region.y[1]!)}px`,
    width: `${x(shown.region.x[1]!) - x(shown.region.x[0]!)}px`,
    height: `${y(shown.region.y[0]!) - y(shown.region.y[1]!)}px`,
  };
  return (
    <div
      ref={frame}
      class="map"
      data-tool={tool}
      data-queries={queries.length}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: zoomed and moved by keys
      tabIndex={0}
      role="application"
      aria-label="Map of the training texts: arrow keys move, + and − zoom, 0 shows all, N goes to the next query, Enter opens it"
      onKeyDown={press}
      onPointerDown={drag}
      onPointerMove={(event) =>
        event.buttons === 0 && setAt(pointer(event, frame.current!) as [number, number])
      }
      onPointerLeave={() => setAt(null)}
      onClick={(event) => {
        if (tool !== 'pan') return;
        const [atX, atY] = pointer(event, frame.current!);
        const near = queries.find(({ mapX, mapY }) => Math.hypot(x(mapX) - atX, y(mapY) - atY) < 8);
        if (near) onOpen(near.id);
      }}
    >
      {image.error !== undefined && <Failure error={image.error} retry={image.retry} />}
      <canvas ref={field} class="field" style={stretched ?? {}} />
      <svg
        class="contours"
        aria-hidden="true"
        style={stretched ?? {}}
        viewBox="0 0 1000 1000"
        preserveAspectRatio="none"
      >
        {paths.map((path, i) => (
          <path key={i} d={path} vector-effect="non-scaling-stroke" />
        ))}
      </svg>
      <canvas ref={marks} class="marks" />
      <svg aria-hidden="true">
        {roomyLabels(projection.labels, { x, y }, size).map(({ left, middle, text }) => (
          <text key={text} class="map-label" x={left} y={middle} text-anchor="middle">
            {text}
          </text>
        ))}
        {asked?.densities.map(
          ({ place, text }) =>
            place && <circle key={text} class="asked" cx={x(place[0]!)} cy={y(place[1]!)} r={7} />,
        )}
        {queries[walked] && (
          <circle class="ring" cx={x(queries[walked].mapX)} cy={y(queries[walked].mapY)} r={8} />
        )}
        {state.lasso?.projection === projection.name && (
          <polygon
            class="region"
            points={state.lasso.corners.map(([cx, cy]) => `${x(cx)},${y(cy)}`).join(' ')}
          />
        )}
        {lasso.length > 1 && (
          <polygon class="region" points={lasso.map((corner) => corner.join(',')).join(' ')} />
        )}
      </svg>
      {settledAt && tool === 'pan' && (
        <NearbyTexts projection={projection.name} at={[x.invert(settledAt[0]), y.invert(settledAt[1])]} />
      )}
      <p class="for-reader" aria-live="polite">
        {queries[walked]
          ? `${queries[walked].kind}, log₁₀ density ${twoDigits(queries[walked].x)}. ${queries[walked].excerpt}`
          : ''}
      </p>
      <p class="map-count">
        {count(shown?.corpora.reduce((sum, { points }) => sum + points, 0) ?? 0)} training texts in view
      </p>
    </div>
  );
}

interface Region {
  x: [number, number];
  y: [number, number];
}

const ROOM = 0.03;

/** The same length across and up, so that distances can be compared. */
function scalesOf({ extent: whole }: Projection, { width, height }: Size, transform: ZoomTransform) {
  const [x0, x1] = whole.x as [number, number];
  const [y0, y1] = whole.y as [number, number];
  const unit = (1 + 2 * ROOM) * Math.max((x1 - x0) / width, (y1 - y0) / height);
  const around = (middle: number, pixels: number) => [
    middle - (unit * pixels) / 2,
    middle + (unit * pixels) / 2,
  ];
  const x = scaleLinear(around((x0 + x1) / 2, width), [0, width]);
  const y = scaleLinear(around((y0 + y1) / 2, height), [height, 0]);
  return { x: transform.rescaleX(x), y: transform.rescaleY(y) };
}
