import { useMemo } from 'preact/hooks';
import type { ReportFile } from '../../../client/index.js';
import { useNavigation } from '../app/navigation.js';
import { IntervalPlot } from '../charts/interval-plot.js';
import { SlopeBySize } from '../charts/slope-by-size.js';
import { answerOf, client, fetchReport } from '../data/api.js';
import { measurementOf, reportOf, useStudy } from '../data/study.js';
import { useAnswer } from '../data/use-answer.js';
import { Select } from '../parts/controls.js';
import { percent, twoDigits } from '../parts/format.js';
import { Answered, Missing } from '../parts/message.js';
import { Table } from '../parts/table.js';

/** How far density explains what each run scored, against the size of the runs, and two runs query by query. */
export function Runs() {
  const study = useStudy();
  const { state } = useNavigation();
  const name = reportOf(study, state);
  const report = useAnswer(name, (signal) => fetchReport(name!, signal));
  if (name === null) {
    return (
      <Missing title="No report has been written" command="densimeter report">
        Runs are compared by reports.
      </Missing>
    );
  }
  return (
    <Answered asked={report} what="the report">
      {({ cells }) => <Cells cells={cells} />}
    </Answered>
  );
}

/** Numbers that tell the runs apart; a seed says the least. */
function varyingCovariates(runs: ReturnType<typeof useStudy>['runs']): string[] {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.covariates)))];
  const varying = names.filter((name) => {
    const values = runs.map((run) => run.covariates[name]).filter((value) => typeof value === 'number');
    return new Set(values).size > 1;
  });
  return varying.sort((a, b) => Number(a === 'seed') - Number(b === 'seed'));
}

type Cell = ReportFile.Cell;
/** Rows of the interval plot; the table has all. */
const PLOTTED = 40;

function Cells({ cells }: { cells: readonly Cell[] }) {
  const study = useStudy();
  const { state, go } = useNavigation();
  const models = [...new Set(cells.map(({ model }) => model))];
  const model = models.includes(state.model ?? '') ? state.model! : (models[0] ?? '');
  const kernels = [...new Set(cells.map(({ kernel }) => kernel))];
  const shown = cells.filter(
    (cell) => cell.model === model && cell.kernel === kernels[0] && cell.metric === cells[0]?.metric,
  );
  const covariates = varyingCovariates(study.runs);
  const covariate = covariates.includes(state.covariate ?? '') ? state.covariate! : (covariates[0] ?? '');
  const sizeOf = new Map(study.runs.map((run) => [run.name, run.covariates[covariate]]));
  if (cells.length === 0) {
    return (
      <Missing title="No regressions in this report" command="densimeter report">
        A report of runs regresses each of them on density.
      </Missing>
    );
  }
  return (
    <div class="runs">
      <div class="controls">
        <Select
          id="model"
          title="Known besides density"
          value={model}
          options={models.map((one) => [one, one === 'density' ? 'nothing: density alone' : one] as const)}
          onChange={(next) => go({ model: next })}
        />
        {covariates.length > 0 && (
          <Select
            id="covariate"
            title="Runs by"
            value={covariate}
            options={covariates.map((one) => [one, one] as const)}
            onChange={(next) => go({ covariate: next })}
          />
        )}
      </div>
      {covariate && (
        <SlopeBySize cells={shown} sizeOf={(run) => Number(sizeOf.get(run))} covariate={covariate} />
      )}
      <IntervalPlot
        name="slopes"
        title={`Slope of ${shown[0]?.metric ?? 'the outcome'} on density, model “${model}”${shown.length > PLOTTED ? `, first ${PLOTTED} runs` : ''}`}
        axis={`${shown[0]?.unit ?? ''} a tenfold density (95 % interval)`}
        rows={shown.slice(0, PLOTTED).map(({ run, slope, slopeLow, slopeHigh, n, r2 }) => ({
          ...{ label: run, note: `n = ${n}, R² ${percent(r2)}` },
          ...{ estimate: slope, low: slopeLow, high: slopeHigh },
        }))}
      />
      <Table
        name="regressions"
        rows={cells}
        onOpen={({ run }) => go({ view: 'explore', run })}
        columns={[
          { name: 'Run', value: ({ run }) => run, isText: true },
          { name: 'Metric', value: ({ metric }) => metric, isText: true },
          { name: 'Kernel', value: ({ kernel }) => kernel, isText: true },
          { name: 'Model', value: (cell) => cell.model, isText: true },
          { name: 'n', value: ({ n }) => n },
          {
            name: 'Slope',
            value: ({ slope }) => slope,
            show: ({ slope, slopeLow, slopeHigh }) =>
              `${twoDigits(slope)} (${twoDigits(slopeLow)} to ${twoDigits(slopeHigh)})`,
          },
          { name: 'R²', value: ({ r2 }) => r2, show: ({ r2 }) => percent(r2) },
          {
            name: 'Partial R²',
            value: ({ partialR2 }) => partialR2,
            show: ({ partialR2 }) => percent(partialR2),
          },
          {
            name: 'Density adds',
            value: ({ gain }) => gain,
            show: ({ gain, gainLow, gainHigh }) =>
              gain === null
                ? '–'
                : `${percent(gain)} (${percent(gainLow ?? 0)} to ${percent(gainHigh ?? 0)})`,
            title: 'Out-of-sample R² with density, less that of the controls alone',
          },
          {
            name: 'p',
            value: ({ adjustedPValue }) => adjustedPValue,
            show: ({ adjustedPValue }) => (adjustedPValue < 0.001 ? '< 0.001' : adjustedPValue.toFixed(3)),
            title: 'Of the slope, adjusted for all regressions (Benjamini and Hochberg)',
          },
        ]}
      />
      {study.runs.length > 1 && <Pair />}
    </div>
  );
}

/** Two runs compared query by query. */
function Pair() {
  const study = useStudy();
  const { state, go } = useNavigation();
  const names = study.runs.map(({ name }) => name);
  const [a, b] = state.pair ?? ([names[0]!, names[1]!] as [string, string]);
  const measurement = measurementOf(study, state);
  const ask = (run: string) => (signal: AbortSignal) =>
    answerOf(
      client.GET('/points', {
        params: { query: { run, ...(measurement && { measurement: String(measurement.id) }) } },
        signal,
      }),
    );
  const [left, right] = [
    useAnswer(`${a} ${measurement?.id}`, ask(a)),
    useAnswer(`${b} ${measurement?.id}`, ask(b)),
  ];
  const rows = useMemo(() => {
    const others = new Map(right.data?.points.map((point) => [point.id, point]));
    return (left.data?.points ?? []).flatMap((point) => {
      const other = others.get(point.id);
      return point.loss === null || other?.loss == null
        ? []
        : [{ ...point, a: point.loss, b: other.loss, change: other.loss - point.loss }];
    });
  }, [left.data, right.data]);
  const pick = (at: 0 | 1) => (run: string) => go({ pair: at === 0 ? [run, b] : [a, run] });
  return (
    <section>
      <h2>Two runs, query by query</h2>
      <div class="controls">
        <Select
          id="pair-a"
          title="Run A"
          value={a}
          options={names.map((one) => [one, one] as const)}
          onChange={pick(0)}
        />
        <Select
          id="pair-b"
          title="Run B"
          value={b}
          options={names.map((one) => [one, one] as const)}
          onChange={pick(1)}
        />
      </div>
      <Table
        name="pair"
        rows={rows}
        sortedBy="B − A"
        shown={15}
        onOpen={({ id }) => go({ query: id })}
        columns={[
          {
            name: 'Query',
            value: ({ excerpt }) => excerpt,
            show: ({ excerpt }) => <bdi class="clip wide">{excerpt}</bdi>,
            isText: true,
          },
          { name: 'Kind', value: ({ kind }) => kind, isText: true },
          {
            name: 'Density',
            value: ({ log10Density }) => log10Density,
            show: ({ log10Density }) => (log10Density === null ? '−∞' : twoDigits(log10Density)),
            title: 'log₁₀',
          },
          { name: 'Loss A', value: (row) => row.a, show: (row) => twoDigits(row.a) },
          { name: 'Loss B', value: (row) => row.b, show: (row) => twoDigits(row.b) },
          {
            name: 'B − A',
            value: ({ change }) => change,
            show: ({ change }) => twoDigits(change),
            title: 'nats a token; below 0 where B is less surprised',
          },
        ]}
      />
    </section>
  );
}
