import { extent } from 'd3';
import { useMemo, useState } from 'preact/hooks';
import type { Projection } from '../../../../client/index.js';
import { useNavigation } from '../../app/navigation.js';
import { Chart } from '../../charts/chart.js';
import { usePoints } from '../../data/use-points.js';
import { usePlaces, useSelection } from '../../data/use-selection.js';
import { Segments } from '../../parts/controls.js';
import { counted, twoDigits } from '../../parts/format.js';
import { Table } from '../../parts/table.js';
import { MapField } from './map-field.js';
import type { PlacedQuery } from './paint-queries.js';

const HEIGHT = 560;

/** The map: crowding with contours and labels, queries coloured by loss, texts under the pointer, a lasso. */
export function MapChart({ projection, against }: { projection: Projection; against: string | null }) {
  const { state, go } = useNavigation();
  const points = usePoints().data;
  const places = usePlaces(projection.querySets.length > 0 ? projection.name : null);
  const queries = useMemo((): PlacedQuery[] => {
    return (points?.visible ?? []).flatMap((point) => {
      const place = places.data?.get(point.id);
      return place ? [{ ...point, mapX: place.x, mapY: place.y }] : [];
    });
  }, [places.data, points?.visible]);
  const isSelected = useSelection(state.region);
  const selected = useMemo(() => isSelected && queries.filter(isSelected), [isSelected, queries]);
  const [tool, setTool] = useState<'pan' | 'lasso'>('pan');
  const summary = `${counted(queries.length, 'query', 'queries')} over ${counted(
    projection.corpora.reduce((sum, one) => sum + one.points, 0),
    'training text',
    'training texts',
  )}. Crowded places: ${projection.labels.map(({ words }) => words.join(', ')).join('; ')}.`;
  return (
    <>
      <div class="controls">
        <Segments
          name="map-tool"
          title="Dragging"
          value={tool}
          options={[['pan', 'Pan'] as const, ['lasso', 'Lasso'] as const]}
          onChange={setTool}
        />
        <LossScale queries={queries} />
      </div>
      <Chart
        name={`map-${projection.name}`}
        title={
          against
            ? `${against} against the other corpora, log ratio`
            : 'Where training texts are, and the queries'
        }
        summary={summary}
        height={HEIGHT}
        role="group"
        data={{
          columns: ['id', 'kind', 'log10Density', 'outcome', 'x', 'y'],
          rows: () => queries.map(({ id, kind, x, y, mapX, mapY }) => [id, kind, x, y, mapX, mapY]),
        }}
      >
        {(size) => (
          <MapField
            {...{ projection, against, size, queries, tool }}
            onOpen={(id) => go({ query: id })}
            onLasso={(corners) => go({ lasso: { projection: projection.name, corners } })}
            selected={selected}
          />
        )}
      </Chart>
      {selected && (
        <section>
          <h2>
            {counted(selected.length, 'query', 'queries')} selected{' '}
            <button type="button" class="quiet" onClick={() => go({ lasso: null, region: null })}>
              Clear
            </button>
          </h2>
          <Table
            name="selected-queries"
            rows={selected}
            sortedBy="Density"
            onOpen={({ id }) => go({ query: id })}
            columns={[
              { name: 'Query', value: ({ excerpt }) => excerpt, isText: true },
              { name: 'Kind', value: ({ kind }) => kind, isText: true },
              { name: 'Density', value: ({ x }) => x, show: ({ x }) => twoDigits(x), title: 'log₁₀' },
              { name: 'Outcome', value: ({ y }) => y, show: ({ y }) => twoDigits(y) },
            ]}
          />
        </section>
      )}
    </>
  );
}

function LossScale({ queries }: { queries: readonly PlacedQuery[] }) {
  const [low, high] = extent(queries, ({ y }) => y);
  if (low === undefined) return null;
  return (
    <p class="loss-scale">
      Queries by outcome: {twoDigits(low)} <span aria-hidden="true" class="ramp" /> {twoDigits(high!)}
    </p>
  );
}
