import type { Coverage as CoverageView } from '../../../client/index.js';
import { useNavigation } from '../app/navigation.js';
import { HeatMap } from '../charts/heat-map.js';
import { answerOf, client } from '../data/api.js';
import { measurementOf, useStudy } from '../data/study.js';
import { useAnswer } from '../data/use-answer.js';
import { Segments, Select } from '../parts/controls.js';
import { count, percent, plain, twoDigits } from '../parts/format.js';
import { Meaning } from '../parts/meaning.js';
import { Answered } from '../parts/message.js';
import { measurementText } from '../parts/settings-text.js';
import { Table } from '../parts/table.js';

/** Which sources support which subjects, what would be lost without each, and which queries nothing supports. */
export function Coverage() {
  const study = useStudy();
  const { state, go } = useNavigation();
  const measurement = measurementOf(study, state)!;
  const asked = useAnswer(JSON.stringify([measurement.id, state.by]), (signal) => {
    const params = { path: { id: String(measurement.id) }, query: { by: state.by } };
    return answerOf(client.GET('/measurements/{id}/coverage', { params, signal }));
  });
  return (
    <div class="coverage">
      <div class="controls">
        <Select
          id="measurement"
          title="Density"
          value={String(measurement.id)}
          options={study.measurements.map((one) => [String(one.id), measurementText(one)] as const)}
          onChange={(id) => go({ measurement: Number(id) })}
        />
        <Segments
          name="by"
          title="Subjects are"
          value={state.by}
          options={[['kind', 'Kinds'] as const, ['source', 'Sources of queries'] as const]}
          onChange={(by) => go({ by })}
        />
      </div>
      <Answered asked={asked} what="coverage">
        {(coverage) => <Found coverage={coverage} />}
      </Answered>
      <Meaning measurement={measurement} />
    </div>
  );
}

function Found({ coverage }: { coverage: CoverageView }) {
  const { go } = useNavigation();
  const { matrix, leastSupported, documents } = coverage;
  const columns = matrix.sources.map(({ source }) => source);
  const subjects = [...matrix.subjects].sort(
    (a, b) => (a.log10Density.median ?? 0) - (b.log10Density.median ?? 0),
  );
  const rows = subjects.map(({ subject, queries, log10Density }) => ({
    label: subject,
    note: `${count(queries)}, median ${log10Density.median === null ? '−∞' : twoDigits(log10Density.median)}`,
  }));
  return (
    <>
      <HeatMap
        name="coverage"
        title="Share of each subject’s density by training source"
        rows={rows}
        columns={columns}
        values={subjects.map(({ shares }) => shares)}
        show={percent}
        summary={subjects
          .slice(0, 8)
          .map(({ subject, shares }) => {
            const best = shares.indexOf(Math.max(...shares));
            return `${subject}: most from ${columns[best]}, ${percent(shares[best] ?? 0)}`;
          })
          .join('. ')}
      />
      <HeatMap
        name="without"
        title="Change of the median log₁₀ density without that source: below 0 where support would be lost"
        rows={rows}
        columns={columns}
        values={subjects.map(({ without }) => without.map((change) => change ?? 0))}
        show={(value) => plain(value.toFixed(3))}
        summary={`What would be lost without each source, by subject.`}
      />
      <section>
        <h2>Unsupported queries</h2>
        <p class="muted">
          The least supported first.{' '}
          <code>densimeter select --for {coverage.querySet} --from &lt;another corpus&gt;</code> proposes
          documents that would support them (docs/selection.md).
        </p>
        <Table
          name="least-supported"
          rows={leastSupported}
          onOpen={({ id }) => go({ query: id })}
          sortedBy="Density"
          columns={[
            {
              name: 'Query',
              value: ({ text }) => text,
              show: ({ text }) => <bdi class="clip wide">{text}</bdi>,
              isText: true,
            },
            { name: 'Subject', value: ({ subject }) => subject, isText: true },
            {
              name: 'Density',
              value: ({ log10Density }) => log10Density,
              show: ({ log10Density }) => (log10Density === null ? '−∞' : twoDigits(log10Density)),
              title: 'log₁₀',
            },
            { name: 'Most from', value: ({ topSource }) => topSource.source, isText: true },
            { name: 'Nearest text is in', value: ({ nearest }) => nearest?.document ?? null, isText: true },
            {
              name: 'Distance',
              value: ({ nearest }) => nearest?.distance ?? null,
              show: ({ nearest }) => (nearest ? twoDigits(nearest.distance) : '–'),
            },
          ]}
        />
      </section>
      <section>
        <h2>Documents that support most</h2>
        <Table
          name="supporting-documents"
          rows={documents.top}
          shown={15}
          sortedBy="-Share"
          columns={[
            { name: 'Document', value: (one) => one.document, isText: true },
            { name: 'Corpus', value: ({ corpus }) => corpus, isText: true },
            { name: 'Share', value: ({ share }) => share, show: ({ share }) => percent(share) },
            {
              name: 'Queries',
              value: ({ queries }) => queries,
              title: 'Queries that it is among the foremost of',
            },
            { name: 'Leads', value: ({ leads }) => leads, title: 'Queries that it holds most of' },
          ]}
        />
      </section>
    </>
  );
}
