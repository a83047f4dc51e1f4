import { useNavigation } from '../../app/navigation.js';
import { answerOf, client, fetchReport } from '../../data/api.js';
import { measurementOf, reportOf, useStudy } from '../../data/study.js';
import { useAnswer } from '../../data/use-answer.js';
import { usePoints } from '../../data/use-points.js';
import { count, counted, twoDigits } from '../../parts/format.js';
import { Meaning } from '../../parts/meaning.js';
import { Answered } from '../../parts/message.js';
import { Swatch } from '../../parts/swatch.js';
import { Table } from '../../parts/table.js';
import { Headline } from './headline.js';
import { Ridgelines } from './ridgelines.js';

const PICKS = 8;

/** What is in the study, on one screen. */
export function Overview() {
  const study = useStudy();
  const { state, go } = useNavigation();
  const points = usePoints();
  const name = reportOf(study, state);
  const report = useAnswer(name, (signal) => fetchReport(name!, signal));
  const leaks = useAnswer('leaks', (signal) =>
    answerOf(client.GET('/leaks', { params: { query: { sort: '-score', limit: '200' } }, signal })),
  );
  const suspects = leaks.data?.rows.filter(({ suspected }) => suspected) ?? [];
  return (
    <div class="overview">
      <section class="wide">
        {report.data ? (
          <Headline report={report.data} />
        ) : (
          <p class="muted">{name ? 'Loading the report…' : 'No report has been written yet.'}</p>
        )}
        {name && (
          <p>
            <a href={`/api/v1/reports/${encodeURIComponent(name)}/report.html`}>Read the whole report</a>
            {report.data?.made && (
              <span class="muted"> of {new Date(report.data.made).toLocaleString()}</span>
            )}
          </p>
        )}
      </section>
      <section>
        <h2>How supported the queries are</h2>
        <Answered asked={points} what="densities">
          {({ all, marks }) => <Ridgelines points={all} marks={marks} />}
        </Answered>
        <Meaning measurement={measurementOf(study, state)} />
      </section>
      <section>
        <h2>Training data</h2>
        <Table
          name="corpora"
          rows={study.corpora}
          columns={[
            { name: 'Corpus', value: (one) => one.name, isText: true },
            { name: 'Role', value: ({ role }) => role, isText: true },
            {
              name: 'Documents',
              value: ({ documents }) => documents,
              show: ({ documents }) => count(documents),
            },
            { name: 'Held out', value: ({ heldOut }) => heldOut, show: ({ heldOut }) => count(heldOut) },
            { name: 'Chunks', value: ({ chunks }) => chunks, show: ({ chunks }) => count(chunks) },
            { name: 'Sources', value: ({ sources }) => sources },
          ]}
        />
        <p class="muted">
          {study.querySets
            .map((set) => `${counted(set.queries, 'query', 'queries')} in ${set.name}`)
            .join('; ')}
          ; {counted(study.runs.length, 'run', 'runs')}
        </p>
      </section>
      <section>
        <h2>Least supported queries</h2>
        <Answered asked={points} what="queries">
          {({ all, marks }) => (
            <>
              <ol class="picks">
                {[...all]
                  .sort((a, b) => a.x - b.x)
                  .slice(0, PICKS)
                  .map(({ id, kind, x, excerpt }) => (
                    <li key={id}>
                      <button type="button" onClick={() => go({ query: id })} title={kind}>
                        <Swatch mark={marks.get(kind)} />
                        <span>{twoDigits(x)}</span>
                        <bdi class="excerpt">{excerpt}</bdi>
                      </button>
                    </li>
                  ))}
              </ol>
              <p class="by-kind">
                Of one kind:{' '}
                {[...marks.keys()].map((kind) => (
                  <button
                    key={kind}
                    type="button"
                    class="quiet"
                    onClick={() =>
                      go({ view: 'explore', hidden: [...marks.keys()].filter((one) => one !== kind) })
                    }
                  >
                    <bdi>{kind}</bdi>
                  </button>
                ))}
              </p>
            </>
          )}
        </Answered>
      </section>
      <section>
        <h2>Queries that the data seems to hold</h2>
        <Answered asked={leaks} what="leaks">
          {({ total }) =>
            total === 0 ? (
              <p class="muted">
                No search has been made. <code>densimeter leaks --queries {study.querySets[0]?.name}</code>{' '}
                makes one.
              </p>
            ) : (
              <>
                {report.data?.leaks && (
                  <p>
                    {report.data.leaks.kinds
                      .map(
                        ({ kind, queries, suspected }) => `${count(suspected)} of ${count(queries)} ${kind}`,
                      )
                      .join(', ')}{' '}
                    suspected (score of at least {twoDigits(report.data.leaks.threshold)}; calibrated on{' '}
                    {count(report.data.leaks.calibrated)} training texts).
                  </p>
                )}
                <Table
                  name="leaks"
                  rows={suspects}
                  shown={PICKS}
                  sortedBy="-Score"
                  onOpen={({ queryId }) => go({ query: queryId })}
                  columns={[
                    {
                      name: 'Query',
                      value: ({ text }) => text,
                      show: ({ text }) => <bdi class="clip">{text}</bdi>,
                      isText: true,
                    },
                    { name: 'Kind', value: ({ kind }) => kind, isText: true },
                    { name: 'In', value: (one) => one.document, isText: true },
                    {
                      name: 'Score',
                      value: ({ score }) => score,
                      show: ({ score }) => twoDigits(score),
                      title: 'Standard deviations above what training texts are to each other',
                    },
                  ]}
                />
              </>
            )
          }
        </Answered>
      </section>
    </div>
  );
}
