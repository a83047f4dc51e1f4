import { useNavigation } from '../../app/navigation.js';
import { fetchReport } from '../../data/api.js';
import { reportOf, useStudy } from '../../data/study.js';
import { useAnswer } from '../../data/use-answer.js';
import { textsOf, useAsked } from '../../data/use-asked.js';
import { count, effective, percent, twoDigits } from '../../parts/format.js';
import { Failure } from '../../parts/message.js';
import { NearTexts } from '../../parts/near-text.js';
import { ShareBars } from '../../parts/share-bars.js';
import { Table } from '../../parts/table.js';

/** What was asked about, with its density, where that comes from, and how it stands among the queries. */
export function Ask() {
  const { state, go } = useNavigation();
  const asked = useAsked();
  const texts = textsOf(state.ask);
  if (texts.length === 0) return null;
  const { data, error } = asked;
  return (
    <section
      class="asked-panel"
      aria-label="What was asked about"
      aria-live="polite"
      aria-busy={asked.isLoading}
    >
      <header>
        <h2>{texts.length === 1 ? 'Asked about a text' : `Asked about ${count(texts.length)} texts`}</h2>
        <button type="button" class="quiet" onClick={() => go({ ask: '' })}>
          Close
        </button>
      </header>
      {error !== undefined && <Failure error={error} retry={asked.retry} />}
      {asked.isLoading && !data && <p class="muted">Embedding and measuring…</p>}
      {data && data.densities.length === 1 && <One answer={data} />}
      {data && data.densities.length > 1 && (
        <Table
          name="asked"
          rows={data.densities}
          columns={[
            { name: 'Text', value: ({ text }) => text, isText: true },
            {
              name: 'log₁₀ density',
              value: ({ log10Density }) => log10Density,
              show: (one) => numberOr(one.log10Density),
            },
            {
              name: 'Percentile',
              value: ({ percentile }) => percentile,
              show: ({ percentile }) => (percentile === null ? '–' : percent(percentile)),
              title: 'Share of the training data’s own sampled points that are less dense',
            },
            { name: 'Most from', value: ({ sources }) => sources[0]?.source ?? null, isText: true },
            {
              name: 'Share',
              value: ({ sources }) => sources[0]?.share ?? null,
              show: ({ sources }) => (sources[0] ? percent(sources[0].share) : '–'),
            },
          ]}
        />
      )}
      {data && (
        <p class="settings">
          {data.kernel}, h = {Number(data.bandwidth.toPrecision(3))} ({data.bandwidthRule}), {data.estimator},
          n = {count(data.points)} points of {data.corpora.join(', ')}; {Math.round(data.milliseconds)} ms
        </p>
      )}
    </section>
  );
}

type Answer = NonNullable<ReturnType<typeof useAsked>['data']>;

function One({ answer: { densities } }: { answer: Answer }) {
  const [density] = densities as [Answer['densities'][number]];
  return (
    <div class="asked-one">
      <div>
        <blockquote dir="auto">{density.text}</blockquote>
        <p class="figure">
          <strong>{numberOr(density.log10Density)}</strong> <span class="muted">log₁₀ density</span>
        </p>
        <p>
          {effective(density.effectiveSamples ?? 0)} effective samples.{' '}
          {density.percentile !== null &&
            `Denser than ${percent(density.percentile)} of the training points. `}
          <Among log10Density={density.log10Density} />
        </p>
        <h3>Support by source</h3>
        <ShareBars
          shares={density.sources.map(({ source, share, standardError }) => ({
            ...{ label: source, share },
            title: `${source}: ${percent(share)} ± ${percent(standardError)}`,
          }))}
          top={6}
          others="source"
        />
      </div>
      <div>
        <h3>Nearest training texts</h3>
        <NearTexts texts={density.neighbours} query={density.text ?? ''} />
      </div>
    </div>
  );
}

/** How many of the report's queries have less density. */
function Among({ log10Density }: { log10Density: number | null }) {
  const study = useStudy();
  const { state } = useNavigation();
  const name = reportOf(study, state);
  const report = useAnswer(name, (signal) => fetchReport(name!, signal)).data;
  if (!report || log10Density === null) return null;
  const less = report.queries.filter((query) => query.log10Density < log10Density).length;
  return (
    <>
      {count(less)} of the {count(report.queries.length)} queries have less.
    </>
  );
}

function numberOr(value: number | null): string {
  return value === null ? '−∞' : twoDigits(value);
}
