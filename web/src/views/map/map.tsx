import { useMemo } from 'preact/hooks';
import type { Projection } from '../../../../client/index.js';
import { useNavigation } from '../../app/navigation.js';
import { answerOf, client } from '../../data/api.js';
import { useAnswer } from '../../data/use-answer.js';
import { Select } from '../../parts/controls.js';
import { count, percent } from '../../parts/format.js';
import { Answered } from '../../parts/message.js';
import { MakeProjection } from './make-projection.js';
import { MapChart } from './map-chart.js';

/** The training data in two dims, with the queries over it. */
export function MapView() {
  const asked = useAnswer('projections', (signal) => answerOf(client.GET('/projections', { signal })));
  return (
    <Answered asked={asked} what="projections">
      {({ projections }) =>
        projections.length === 0 ? (
          <div class="message">
            <h2>No map has been made</h2>
            <p>
              Training texts and queries are laid out in two dims: by PCA in seconds, or by UMAP, which keeps
              near texts near, in a minute or more.
            </p>
            <MakeProjection onDone={asked.retry} />
          </div>
        ) : (
          <MapOf projections={projections} onMade={asked.retry} />
        )
      }
    </Answered>
  );
}

function MapOf({ projections, onMade }: { projections: readonly Projection[]; onMade: () => void }) {
  const { state, go } = useNavigation();
  const projection =
    projections.find(({ name }) => name === state.projection) ??
    projections.find(({ method }) => method === 'umap') ??
    projections[0]!;
  const missing = ['pca', 'umap'].filter((method) => projections.every((one) => one.method !== method));
  const against = projection.corpora.find(({ name }) => name === state.against)?.name ?? null;
  const total = useMemo(() => projection.corpora.reduce((sum, { points }) => sum + points, 0), [projection]);
  return (
    <div class="map-view">
      <div class="controls">
        <Select
          id="projection"
          title="Projection"
          value={projection.name}
          options={projections.map(
            ({ name, method }) =>
              [name, name === method ? name.toUpperCase() : `${name} (${method})`] as const,
          )}
          onChange={(name) => go({ projection: name })}
        />
        {projection.corpora.length > 1 && (
          <Select
            id="against"
            title="Show"
            value={against ?? ''}
            options={[
              ['', 'All training texts'] as const,
              ...projection.corpora.map(
                ({ name }) => [name, `${name} against the others (log ratio)`] as const,
              ),
            ]}
            onChange={(name) => go({ against: name || null })}
          />
        )}
        {(missing.length > 0 || projection.corpora.some(({ stale }) => stale)) && (
          <MakeProjection onDone={onMade} />
        )}
      </div>
      <MapChart projection={projection} against={against} />
      <p class="settings">
        {projection.method === 'pca'
          ? `The two directions in which a sample varies most, which hold ${percent((projection.variance?.[0] ?? 0) + (projection.variance?.[1] ?? 0))} of its variance.`
          : `UMAP of ${count(projection.landmarks)} landmarks (${projection.neighbours} neighbours, seed ${projection.seed}), all other texts placed between their nearest. Read what is near what; sizes and distances of clusters mean little.`}{' '}
        {count(total)} training texts of {projection.corpora.map(({ name }) => name).join(', ')}. Density is
        measured in all dims, never on the map.
        {projection.corpora.some(({ stale }) => stale) && ' A corpus has changed since: make the map again.'}
      </p>
    </div>
  );
}
