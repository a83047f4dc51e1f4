import { useEffect, useMemo, useState } from 'preact/hooks';
import { useNavigation } from '../../app/navigation.js';
import type { Outcome, Region } from '../../app/state.js';
import { Chart } from '../../charts/chart.js';
import { outcomeTitle } from '../../charts/scatter/axes.js';
import { Scatter, type Tool } from '../../charts/scatter/scatter.js';
import { fitLine, runningMedian } from '../../data/fit.js';
import { measurementOf, runOf, useStudy } from '../../data/study.js';
import { useAsked } from '../../data/use-asked.js';
import { type DrawnPoint, type Points, usePoints } from '../../data/use-points.js';
import { useSelection } from '../../data/use-selection.js';
import { useSettled } from '../../data/use-settled.js';
import { Pill, Segments } from '../../parts/controls.js';
import { counted, perplexity, twoDigits } from '../../parts/format.js';
import { Legend } from '../../parts/legend.js';
import { Meaning } from '../../parts/meaning.js';
import { Answered } from '../../parts/message.js';
import { Swatch } from '../../parts/swatch.js';
import { Table } from '../../parts/table.js';
import { ExploreControls } from './explore-controls.js';
import { Facets } from './facets.js';
import { SelectionStatistics } from './selection-statistics.js';
import { useGroups } from './use-groups.js';

const TOOLS: readonly (readonly [Tool, string])[] = [
  ['box', 'Select'],
  ['lasso', 'Lasso'],
  ['pan', 'Pan'],
];
/** Points of the running median. */
const MEDIANS = 24;

/** Density against what a model scored, and whatever part of it is selected. */
export function Explore() {
  const points = usePoints();
  return (
    <Answered asked={points} what="queries">
      {(data) => <Exploration data={data} />}
    </Answered>
  );
}

function Exploration({ data }: { data: Points }) {
  const study = useStudy();
  const { state, go } = useNavigation();
  const { y, colour, text, query, hidden } = state;
  const [tool, setTool] = useState<Tool>('box');
  const [drawn, setDrawn] = useState<Region | null>(state.region);
  useEffect(() => setDrawn(state.region), [state.region]);
  const asked = useAsked().data;
  const { all, visible, marks, counts, undrawn } = data;
  const grouped = useGroups(all, colour);
  const groupOf = grouped.groupOf;
  const plotted = useMemo(
    () => visible.map((point) => ({ ...point, group: groupOf(point) })),
    [visible, groupOf],
  );
  const base = useMemo(() => all.map((point) => ({ ...point, group: groupOf(point) })), [all, groupOf]);
  const fit = useMemo(() => fitLine(visible), [visible]);
  const isSelected = useSelection(drawn);
  const settled = useSettled(isSelected);
  const selected = useMemo(() => (settled ? visible.filter(settled) : visible), [visible, settled]);
  const smooth = useMemo(
    () => (state.smooth ? runningMedian(visible, MEDIANS) : undefined),
    [visible, state.smooth],
  );
  const selectedFit = useMemo(
    () => (selected === visible ? fit : fitLine(selected)),
    [selected, visible, fit],
  );
  const groupMarks = colour === 'kind' ? marks : grouped.marks;
  const describe = (point: DrawnPoint) =>
    `${point.kind}, ${point.source}: log₁₀ density ${twoDigits(point.x)}, ${valueText(point.y, y)}. ${point.excerpt}`;
  const summary = `${counted(visible.length, 'query', 'queries')}, ${outcomeTitle(y)} against log10 density. ${
    fit ? `Correlation ${twoDigits(fit.r)}, ${twoDigits(fit.slope)} a tenfold density.` : ''
  } ${isSelected ? `${counted(selected.length, 'query is', 'queries are')} selected.` : ''}`;
  if (all.length === 0) return <NoPoints />;
  return (
    <div class="explore">
      <section class="plot">
        <ExploreControls />
        <Legend
          marks={groupMarks}
          counts={grouped.counts}
          isToggle={colour === 'kind'}
          ofKinds={counts}
          hidden={hidden}
          onChange={(next) => go({ hidden: next })}
        />
        <p class="pills">
          <Segments name="tool" title="Dragging" value={tool} options={TOOLS} onChange={setTool} />
          {isSelected && (
            <Pill onRemove={() => go({ region: null, lasso: null })}>
              {counted(selected.length, 'query', 'queries')} selected
            </Pill>
          )}
          {text && <Pill onRemove={() => go({ text: '' })}>“{text}”</Pill>}
          {hidden.length > 0 && <Pill onRemove={() => go({ hidden: [] })}>without {hidden.join(', ')}</Pill>}
        </p>
        <Chart
          name="density-and-outcome"
          title={`${outcomeTitle(y)} against log₁₀ density`}
          summary={summary}
          role="group"
          isTall
          data={{
            columns: ['id', 'kind', 'source', 'document', 'log10Density', y],
            rows: () =>
              selected.map(({ id, kind, source, document, x, y: own }) => [
                id,
                kind,
                source,
                document,
                x,
                own,
              ]),
          }}
        >
          {(size) => (
            <Scatter
              all={base}
              visible={plotted}
              marks={groupMarks}
              fit={fit}
              smooth={smooth}
              asHexagons={state.marks === 'hexagons'}
              outcome={y}
              tool={tool}
              region={drawn}
              isSelected={isSelected}
              selection={settled ? selected : null}
              selected={query}
              asked={asked?.densities.flatMap(({ log10Density }) => log10Density ?? []) ?? []}
              size={size}
              describe={describe}
              onRegion={(region, isDone) => (isDone ? go({ region }) : setDrawn(region))}
              onOpen={(id) => go({ query: id })}
            />
          )}
        </Chart>
        <p class="settings keys">
          Drag to select, wheel or + and − to zoom, 0 to see all; arrow keys move between points, Enter opens
          one, B selects around it, Shift and arrows resize, Esc clears.
          {undrawn > 0 && ` ${counted(undrawn, 'query', 'queries')} without density or outcome not drawn.`}
        </p>
        <Meaning measurement={measurementOf(study, state)} />
        {state.facets && <Facets points={plotted} marks={groupMarks} outcome={y} />}
      </section>
      <section class="side">
        <SelectionStatistics
          selected={selected}
          isAll={!isSelected}
          fitOf={selectedFit}
          run={runOf(study, state)}
          outcome={y}
        />
        <h2>{isSelected ? 'Selected queries' : 'Queries'}</h2>
        <Table
          name="queries"
          rows={selected}
          sortedBy="Density"
          shown={25}
          onOpen={({ id }) => go({ query: id })}
          columns={[
            {
              name: 'Query',
              value: ({ excerpt }) => excerpt,
              show: ({ kind, excerpt }) => (
                <>
                  <Swatch mark={marks.get(kind)} /> <bdi class="clip">{excerpt}</bdi>
                </>
              ),
              isText: true,
            },
            { name: 'Density', value: ({ x }) => x, show: ({ x }) => twoDigits(x), title: 'log₁₀' },
            {
              name: 'Outcome',
              value: (one) => one.y,
              show: (one) => (y === 'perplexity' ? perplexity(Math.exp(one.y)) : twoDigits(one.y)),
              title: outcomeTitle(y),
            },
          ]}
        />
      </section>
    </div>
  );
}

function NoPoints() {
  const { go } = useNavigation();
  return (
    <div class="message">
      <h2>No points to draw</h2>
      <p>
        No query has both a density and this outcome, for this measurement and run.{' '}
        <button
          type="button"
          class="quiet"
          onClick={() => go({ measurement: null, run: null, y: 'loss', text: '', hidden: [] })}
        >
          Start from the defaults
        </button>
      </p>
    </div>
  );
}

function valueText(value: number, outcome: Outcome): string {
  return outcome === 'perplexity'
    ? `perplexity ${perplexity(Math.exp(value))}`
    : `${outcomeTitle(outcome)} ${twoDigits(value)}`;
}
