import { useEffect, useRef } from 'preact/hooks';
import type { Query } from '../../../../client/index.js';
import { useNavigation } from '../../app/navigation.js';
import { answerOf, client } from '../../data/api.js';
import { useAnswer } from '../../data/use-answer.js';
import { count, effective, percent, perplexity, powerOfTen, twoDigits } from '../../parts/format.js';
import { Answered } from '../../parts/message.js';
import { NearTexts } from '../../parts/near-text.js';
import { settingsText } from '../../parts/settings-text.js';
import { ShareBars } from '../../parts/share-bars.js';
import { Table } from '../../parts/table.js';
import { BandwidthCurve } from './bandwidth-curve.js';
import { Treemap } from './treemap.js';

/** All about one query, beside the view that it was opened from. */
export function QueryDrawer() {
  const { state, go } = useNavigation();
  const { query: id, measurement } = state;
  const panel = useRef<HTMLElement>(null);
  const key = id === null ? null : JSON.stringify([id, measurement]);
  const asked = useAnswer(key, (signal) => {
    const query = measurement === null ? {} : { measurement: String(measurement) };
    return answerOf(client.GET('/queries/{id}', { params: { path: { id: String(id) }, query }, signal }));
  });
  useEffect(() => {
    if (id !== null) panel.current?.focus({ preventScroll: true });
  }, [id]);
  if (id === null) return null;
  return (
    <aside ref={panel} class="drawer" tabIndex={-1} aria-label="Query">
      <button
        type="button"
        class="quiet close"
        aria-label="Close the query"
        onClick={() => go({ query: null })}
      >
        Close
      </button>
      <Answered asked={asked} what="the query">
        {(query) => <QueryFacts query={query} />}
      </Answered>
    </aside>
  );
}

function QueryFacts({ query }: { query: Query }) {
  const { kind, source, document, text, density, shares, curve, topShares, neighbours, outcomes } = query;
  return (
    <>
      <h2>
        <bdi>{kind}</bdi> · <bdi>{source}</bdi>
      </h2>
      <p class="muted">
        <bdi>{document}</bdi>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="query-text" dir="auto" tabIndex={0} aria-label="Text of the query">
        {text}
      </section>
      <section>
        <h3>Density</h3>
        {density ? <Density density={density} /> : <p class="muted">This query has not been measured.</p>}
        {curve.length > 1 && density && <BandwidthCurve curve={curve} measurement={density.measurement} />}
        {topShares.length > 0 && (
          <p>
            {topShares
              .map(
                ({ k, share }) =>
                  `The ${k === 1 ? 'nearest point holds' : `${count(k)} nearest hold`} ${percent(share)}`,
              )
              .join('; ')}
            .
          </p>
        )}
      </section>
      <section>
        <h3>Outcomes</h3>
        {outcomes.length === 0 && <p class="muted">No run scored this query.</p>}
        {outcomes.length > 0 && (
          <Table
            name="outcomes"
            shown={10}
            rows={outcomes}
            columns={[
              { name: 'Run', value: ({ run }) => run, isText: true },
              {
                name: 'Loss',
                value: ({ loss }) => loss,
                show: ({ loss }) => (loss === null ? '–' : twoDigits(loss)),
              },
              {
                name: 'Perplexity',
                value: (one) => one.perplexity,
                show: (one) => (one.perplexity === null ? '–' : perplexity(one.perplexity)),
              },
              { name: 'Tokens', value: ({ tokens }) => tokens },
            ]}
          />
        )}
      </section>
      {shares.source.length > 0 && (
        <section>
          <h3>Support by source</h3>
          <ShareBars
            shares={shares.source.map(({ label, share, standardError }) => ({
              ...{ label, share },
              title: `${label}: ${percent(share)} ± ${percent(standardError)}`,
            }))}
            top={8}
            others="source"
          />
        </section>
      )}
      {shares.document.length > 0 && (
        <section>
          <h3>Support by document</h3>
          <Treemap shares={shares.document} />
        </section>
      )}
      {neighbours.length > 0 && (
        <section>
          <h3>Nearest training texts</h3>
          <p class="muted">Words that the query has too are marked, runs of five and more strongly.</p>
          <NearTexts texts={neighbours} query={text} />
        </section>
      )}
    </>
  );
}

function Density({ density }: { density: NonNullable<Query['density']> }) {
  const { log10Density, low, high, effectiveSamples, touched, percentile, measurement } = density;
  const interval =
    low !== null && low === high
      ? 'Exact, no sampling error.'
      : `Interval ${low === null ? '−∞' : twoDigits(low)} to ${high === null ? '−∞' : twoDigits(high)}.`;
  return (
    <>
      <p class="figure">
        <strong>{log10Density === null ? '−∞' : twoDigits(log10Density)}</strong>{' '}
        <span class="muted">
          log₁₀ density{log10Density === null ? ', f = 0' : `, f = ${powerOfTen(log10Density)}`}
        </span>
      </p>
      <p>
        {interval} {effective(effectiveSamples)} effective samples.
        {percentile !== null &&
          ` Denser than ${percent(percentile)} of the training texts are where they are themselves.`}
        {touched < 1 && ` ${percent(touched)} of the training points looked at.`}
      </p>
      <p class="settings">{settingsText(measurement)}</p>
    </>
  );
}
