import type { ReportFile } from '../../../../client/index.js';
import { useNavigation } from '../../app/navigation.js';
import { IntervalPlot } from '../../charts/interval-plot.js';
import { fetchReport } from '../../data/api.js';
import { reportOf, useStudy } from '../../data/study.js';
import { useAnswer } from '../../data/use-answer.js';
import { Select } from '../../parts/controls.js';
import { count } from '../../parts/format.js';
import { Answered, Missing } from '../../parts/message.js';
import { Swatch } from '../../parts/swatch.js';
import { Table } from '../../parts/table.js';
import { armColours } from './arm-colours.js';
import { BeforeAfter } from './before-after.js';
import { GainChart } from './gain-chart.js';

/** What leaking texts changed, by arm and dose, with placebo arms and spillover. */
export function Interventions() {
  const study = useStudy();
  const { state, go } = useNavigation();
  const name = reportOf(study, state);
  const report = useAnswer(name, (signal) => fetchReport(name!, signal));
  if (name === null) {
    return (
      <Missing title="No report has been written" command="densimeter report">
        Interventions are analysed by reports.
      </Missing>
    );
  }
  return (
    <Answered asked={report} what="the report">
      {({ interventions, queries }) => {
        const shown = interventions.find((one) => one.name === state.intervention) ?? interventions[0];
        if (!shown) {
          return (
            <Missing title="No intervention in this report" command="densimeter intervene design --help">
              An intervention leaks texts of randomly drawn queries into the training data and trains the
              model again.
            </Missing>
          );
        }
        return (
          <div class="interventions">
            {interventions.length > 1 && (
              <div class="controls">
                <Select
                  id="intervention"
                  title="Intervention"
                  value={shown.name}
                  options={interventions.map((one) => [one.name, one.name] as const)}
                  onChange={(intervention) => go({ intervention })}
                />
              </div>
            )}
            <Found result={shown} queries={queries} />
          </div>
        );
      }}
    </Answered>
  );
}

type Result = ReportFile.InterventionResult;

function Found({ result, queries }: { result: Result; queries: readonly ReportFile.QueryPoint[] }) {
  const { arms, overall, spillover, control, run, densityOnDose, instrumented, trend, heterogeneity } =
    result;
  const { densityEffect, gainEffect } = overall;
  const colours = armColours(arms);
  const others = arms.filter(({ arm }) => arm !== control);
  const rowOf = (effect: 'gainEffect' | 'densityEffect') =>
    others.flatMap(({ arm, kind, dose, queries: n, [effect]: found }) =>
      found
        ? [
            {
              label: arm,
              note: `${kind}${dose > 0 ? `, dose ${dose}` : ''}, ${count(n)} queries`,
              colour: colours.get(arm)!.colour,
              ...{ estimate: found.estimate, low: found.low, high: found.high },
            },
          ]
        : [],
    );
  return (
    <>
      <section>
        <h2>
          Did leaking help <bdi>{run}</bdi>?
        </h2>
        <p class="lead">
          {densityEffect && gainEffect
            ? `Against the queries of the ${control} arm, log₁₀ density rose by ${estimated(densityEffect)} and loss fell by ${estimated(gainEffect)} nats a token. `
            : 'Too few queries were leaked to tell. '}
          {trend &&
            `More texts ${trend.z > 0 ? 'helped more' : 'did not help more'} (trend over ${trend.doses} doses, p ${pText(trend.pValue)}). `}
          {instrumented &&
            `Each tenfold rise in density that the leaks made went with a gain of ${estimated(instrumented)}.`}
        </p>
        <p id="spillover">
          {spillover
            ? `Spillover: control queries, whose documents had other queries leaked, gained ${estimated(spillover)} nats a token more than queries of documents left alone: ${
                spillover.low > 0 || spillover.high < 0
                  ? 'they changed with their neighbours.'
                  : 'no spillover can be seen.'
              }`
            : 'No arm was left untouched, so spillover cannot be told.'}
        </p>
      </section>
      <p class="legend">
        {[...colours].map(([arm, mark]) => (
          <span key={arm} class="legend-entry">
            <Swatch mark={mark} /> <bdi>{arm}</bdi>
          </span>
        ))}
      </p>
      <div class="two">
        <IntervalPlot
          name="gain-by-arm"
          title={`Gain by arm, against ${control}`}
          axis="gain, nats a token (95 % interval)"
          rows={rowOf('gainEffect')}
        />
        <IntervalPlot
          name="density-by-arm"
          title={`Change of density by arm, against ${control}`}
          axis="Δ log₁₀ density (95 % interval)"
          rows={rowOf('densityEffect')}
        />
        <GainChart result={result} colours={colours} />
        <BeforeAfter result={result} queries={queries} />
      </div>
      <section>
        <h2>Arms</h2>
        <Table
          name="arms"
          rows={arms}
          columns={[
            { name: 'Arm', value: ({ arm }) => arm, isText: true },
            { name: 'What is leaked', value: ({ kind }) => kind, isText: true },
            { name: 'Dose', value: ({ dose }) => dose, title: 'Texts a query' },
            { name: 'Queries', value: (one) => one.queries },
            {
              name: 'Δ log₁₀ density',
              value: ({ densityChange }) => densityChange,
              show: ({ densityChange }) => signed(densityChange),
            },
            {
              name: 'Gain',
              value: ({ gain }) => gain,
              show: ({ gain }) => signed(gain),
              title: 'nats a token',
            },
            {
              name: `Against ${control}`,
              value: ({ gainEffect }) => gainEffect?.estimate ?? null,
              show: ({ gainEffect }) => (gainEffect ? estimated(gainEffect) : '–'),
              title: 'Difference in differences, errors clustered by document',
            },
            {
              name: 'p (Holm)',
              value: ({ holmPValue }) => holmPValue,
              show: ({ holmPValue }) => (holmPValue === null ? '–' : pText(holmPValue)),
              title: 'Randomisation test, corrected for all arms',
            },
            {
              name: 'Flips',
              value: ({ flips }) => flips?.gained ?? null,
              show: ({ flips }) => (flips ? `${flips.gained} gained, ${flips.lost} lost` : '–'),
              title: 'Answers that became right or wrong (McNemar)',
            },
          ]}
        />
        <p class="settings">
          {densityOnDose && `Δ log₁₀ density a text: ${estimated(densityOnDose)}. `}
          {heterogeneity &&
            `Where density was ten times higher before, leaks gained ${estimated(heterogeneity)} more.`}{' '}
          Queries were drawn at random within blocks of density; this is cause, by experiment.
        </p>
      </section>
    </>
  );
}

/** An estimate with its 95 % interval. */
function estimated({ estimate, low, high }: { estimate: number; low: number; high: number }): string {
  return `${signed(estimate)} (${signed(low)} to ${signed(high)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(Math.abs(value) < 0.1 ? 3 : 2)}`;
}

function pText(value: number): string {
  return value < 0.001 ? '< 0.001' : `= ${value.toFixed(3)}`;
}
