import type { Headline } from '../regression/index.js';
import { kernelWords } from './kernel-words.js';
import type { ArmResult, Estimate, InterventionResult, KindSummary, Regression, Report } from './report.js';
import { comparisonInWords, gatesInWords } from './words-comparison.js';
import { inShort } from './words-summary.js';

/** What a report found, how sure it is, and what it does not say: a paragraph each, for a reader without statistics. */
export function inWords(report: Omit<Report, 'words'>): string[] {
  const [headline] = report.regressions;
  return [
    inShort(report),
    ...(headline
      ? [
          foundIn(report, headline),
          sureOf(headline, report.headline),
          checksInWords(report),
          withinKinds(report.regressions, headline),
        ]
      : []),
    panelInWords(report),
    kindsInWords(report.kinds),
    leaksInWords(report),
    ...report.interventions.map(interventionInWords),
    comparisonInWords(report.comparison),
    gatesInWords(report.gates),
    notSaid(report),
  ]
    .filter((paragraph) => paragraph !== '')
    .map(withMinusSigns);
}

/** Minus signs where numbers have hyphens, as the tables do. */
function withMinusSigns(text: string): string {
  return text.replace(/(?<!\w)-(?=\d)/g, '−');
}

function foundIn({ run, density }: Omit<Report, 'words'>, regression: Regression): string {
  const slope = slopeOf(regression.plain.coefficients);
  const direction = slope < 0 ? 'less' : 'more';
  const points = density.points.toLocaleString('en');
  const share = `${percent(regression.plain.r2)} of the differences in loss between the ${regression.n.toLocaleString('en')} queries`;
  const model =
    run.runs.length > 1
      ? `the ${run.runs.length} models of "${run.name}" are on average`
      : `the ${scorerName(run)} model "${run.name}" is`;
  return (
    `Where the training data is ten times denser around a query, ${model} ` +
    `${Math.abs(slope).toFixed(2)} nats a token ${direction} surprised by it. Density alone accounts for ${share}. ` +
    `Density here is the mean ${kernelWords(density.kernel)} kernel over ${points} training chunks at bandwidth ${density.bandwidth.toPrecision(4)} ` +
    `(${density.bandwidthRule}).`
  );
}

function sureOf({ pearson }: Regression, headline: Headline | null): string {
  const correlation = pearson
    ? `The correlation is ${pearson.estimate.toFixed(2)} (95% interval ${interval(pearson)}, queries taken as independent).`
    : '';
  const strictest = headline?.models.at(-1);
  if (!headline || !strictest) return correlation;
  const { gain, r2, r2WithDensity } = strictest;
  const beaten = BEATEN.filter(({ name }) => headline.models.some((model) => model.name.includes(name)));
  const what = ['length', ...beaten.map(({ words }) => words)].join(', ');
  const verdict =
    gain.low > 0
      ? 'density helps to predict the loss of texts it has not seen, beyond all of these'
      : gain.high < 0
        ? 'density makes predictions for texts it has not seen worse than these alone'
        : 'whether density helps beyond these cannot be told from these queries';
  return (
    `${correlation} But texts differ in other ways too: ${what} predict ${percent(r2)} of the variance of texts left out of the fit, and ` +
    `${percent(r2WithDensity)} with density (a change of ${points(gain.estimate)}, 95% interval ${interval100(gain)}): ${verdict}.`
  );
}

const BEATEN = [
  { name: 'word frequency', words: 'how common the words are' },
  { name: 'n-gram overlap', words: 'how many of its phrases the data has word for word' },
  { name: 'nearest text', words: 'how near the nearest training text is' },
];

/** Whether densities that should explain nothing do, and whether another kernel or bandwidth would have told another story. */
function checksInWords({ headline, sensitivity }: Omit<Report, 'words'>): string {
  if (!headline) return '';
  const placebos = headline.negativeControls.map(
    ({ name, gain }) => `${PLACEBOS[name] ?? name} ${points(gain.estimate)} (${interval100(gain)})`,
  );
  const real = headline.models.at(-1)!.gain;
  const asGood = headline.negativeControls.filter(({ gain }) => gain.high >= real.estimate && gain.low > 0);
  const warning =
    asGood.length > 0
      ? ` ${asGood.map(({ name }) => PLACEBOS[name] ?? name).join(' and ')} should add nothing and ${asGood.length > 1 ? 'add' : 'adds'} as much as density does: do not read the above as an effect of support.`
      : '';
  const placebo = `Checks that should find nothing, beside the same controls, add: ${placebos.join('; ')}.${warning}`;
  if (!sensitivity || sensitivity.points.length === 0) return placebo;
  const { below, above, unsure, flips, points: tried } = sensitivity;
  const verdict = flips
    ? 'what is concluded depends on the kernel and bandwidth'
    : 'the conclusion is the same at all of them';
  return (
    `${placebo} Over ${tried.length} kernels and bandwidths, with all controls, loss clearly falls with density at ${below}, clearly rises at ${above}, ` +
    `and neither can be told at ${unsure}: ${verdict}.`
  );
}

const PLACEBOS: Readonly<Record<string, string>> = {
  permuted: 'densities dealt out at random',
  disjoint: 'the density of unrelated texts',
  projection: 'density behind a random projection',
};

/** What holds across the runs. */
function panelInWords({ panel }: Omit<Report, 'words'>): string {
  if (!panel) return '';
  const { runs, interaction } = panel;
  const negative = runs.filter(({ slope, holmPValue }) => slope.estimate < 0 && holmPValue < 0.05).length;
  const positive = runs.filter(({ slope, holmPValue }) => slope.estimate > 0 && holmPValue < 0.05).length;
  const counted =
    `Of the ${runs.length} runs, better supported queries have lower loss in ${negative} and higher loss in ${positive}, given all controls ` +
    `(5% level, Holm's correction for ${runs.length} tests).`;
  if (!interaction) return counted;
  const { covariate, overQueries: slope, overRuns } = interaction;
  const isSure = (slope.low > 0 || slope.high < 0) && (overRuns.low > 0 || overRuns.high < 0);
  const verdict = isSure
    ? `density's slope ${slope.estimate < 0 ? 'falls' : 'rises'} with it`
    : "whether density's slope changes with it cannot be told";
  return (
    `${counted} For one more unit of ${covariate} the slope changes by ${slope.estimate.toFixed(4)} nats a token for a standard deviation of ` +
    `log10 density (95% interval over queries ${interval(slope, 4)}, over runs ${interval(overRuns, 4)}): ${verdict}.`
  );
}

/** The same within each kind: between kinds, density may stand for whatever else makes them differ. */
function withinKinds(all: readonly Regression[], headline: Regression): string {
  const within = all.filter(
    ({ kernel, queries }) => kernel === headline.kernel && queries !== headline.queries,
  );
  if (within.length === 0) return '';
  const listed = within.map(({ queries, plain, controlled }) => {
    const gain = controlled?.outOfSampleGain;
    const added = gain
      ? `, and beyond the controls ${points(gain.estimate)} (95% interval ${interval100(gain)})`
      : '';
    return `${queries} ${percent(plain.r2)}${added}`;
  });
  return (
    'Some of that is the difference between kinds of queries, which differ in more than density. Within one kind, density ' +
    `alone accounts for: ${listed.join('; ')}.`
  );
}

function kindsInWords(kinds: readonly KindSummary[]): string {
  if (kinds.length < 2) return '';
  const listed = [...kinds]
    .sort((a, b) => b.medianLog10Density - a.medianLog10Density)
    .map(
      ({ kind, queries, medianLog10Density, medianLoss }) =>
        `${kind} (${queries} queries: log10 density ${medianLog10Density.toFixed(2)}, perplexity ${Math.exp(medianLoss).toFixed(0)})`,
    );
  return `From most to least supported, by medians: ${listed.join('; ')}.`;
}

/** How many queries seem to be in the training data, in all and where most are. */
function leaksInWords({ leaks }: Omit<Report, 'words'>): string {
  if (!leaks) return '';
  const total = leaks.kinds.reduce((sum, { queries }) => sum + queries, 0);
  const suspected = leaks.kinds.reduce((sum, kind) => sum + kind.suspected, 0);
  const chance = `by the threshold chosen, about ${Math.round(leaks.alarm * total)} would be if none were there`;
  if (suspected === 0)
    return `No query is suspected to be in the training data, copied or reworded (${chance}).`;
  const parts = leaks.kinds
    .filter((kind) => kind.suspected > 0)
    .map(
      (kind) =>
        `${kind.suspected.toLocaleString('en')} of ${kind.queries.toLocaleString('en')} of ${kind.kind}`,
    );
  const byKind = leaks.kinds.length > 1 ? `: ${parts.join(', ')}` : '';
  return `Of ${total.toLocaleString('en')} queries, ${suspected.toLocaleString('en')} are suspected to be in the training data, copied or reworded${byKind} (${chance}).`;
}

function interventionInWords(intervention: InterventionResult): string {
  const { name, arms, overall, gainOnDensityChange, instrumented, leakedTexts, trend } = intervention;
  const { densityEffect, gainEffect } = overall;
  const slope = gainOnDensityChange.coefficients.at(-1);
  const listed = arms
    .filter(({ kind }) => kind === 'exact' || kind === 'paraphrase')
    .map(({ arm, gainEffect: effect }) => `${arm} ${effect ? effect.estimate.toFixed(2) : 'unknown'}`);
  const leaked = `Intervention "${name}" leaked ${leakedTexts.toLocaleString('en')} texts for randomly drawn queries and trained the model again.`;
  if (!densityEffect || !gainEffect || !slope)
    return `${leaked} Its effect cannot be estimated from so few queries.`;
  const moved = instrumented && !instrumented.weak ? instrumented : slope;
  const rises = trend && trend.pValue < 0.05 && trend.z > 0 ? ' More texts helped more.' : '';
  return (
    `${leaked} Against the queries of the control arm, log10 density ${rose(densityEffect)} and loss ${fell(gainEffect)}; ` +
    `gains by arm, nats a token: ${listed.join(', ')}.${rises} Each tenfold rise in density that the leaks made went with a gain of ` +
    `${moved.estimate.toFixed(2)} nats a token (95% interval ${interval(moved)}).${placebosInWords(arms)}${spilloverInWords(intervention)}`
  );
}

/** What texts did that leaked nothing. */
function placebosInWords(arms: readonly ArmResult[]): string {
  return arms
    .filter(({ kind, gainEffect }) => (kind === 'placebo' || kind === 'unrelated') && gainEffect)
    .map(({ kind, gainEffect }) => {
      const texts = kind === 'placebo' ? 'Texts on the same topic that leak nothing' : 'Unrelated texts';
      return ` ${texts} gained ${gainEffect!.estimate.toFixed(3)} nats a token (95% interval ${interval(gainEffect!, 3)}).`;
    })
    .join('');
}

/** What the control arm gained from leaks of its neighbours in the same documents. */
function spilloverInWords({ spillover }: InterventionResult): string {
  if (!spillover) return '';
  const verdict =
    spillover.low > 0 ? 'leaks spill over to other queries of a document' : 'no spillover can be seen';
  return (
    ` Control queries, whose documents had other queries leaked, gained ${spillover.estimate.toFixed(3)} nats a token more than ` +
    `queries of documents left alone (95% interval ${interval(spillover, 3)}): ${verdict}.`
  );
}

function rose(effect: Estimate): string {
  const verb = effect.estimate >= 0 ? 'rose' : 'fell';
  return `${verb} by ${Math.abs(effect.estimate).toFixed(3)} (95% interval of the change ${interval(effect, 3)})`;
}

function fell(effect: Estimate): string {
  const verb = effect.estimate >= 0 ? 'fell' : 'rose';
  return `${verb} by ${Math.abs(effect.estimate).toFixed(2)} nats a token (95% interval of the gain ${interval(effect)})`;
}

function notSaid({ density, run, interventions }: Omit<Report, 'words'>): string {
  const causes =
    interventions.length > 0
      ? 'Only the intervention was randomised; the regression across queries is association, not cause.'
      : 'This is association across queries, not cause.';
  return (
    `What this does not say: ${causes} All of it holds for one embedder (${density.embedder}), one bandwidth rule and ` +
    `${modelsOf(run)}; another embedder or other models may give other numbers.`
  );
}

function modelsOf(run: Report['run']): string {
  if (run.runs.length > 1) return `the ${run.runs.length} models of "${run.name}"`;
  const trained =
    run.trainedTokens === null ? '' : ` of ${run.trainedTokens.toLocaleString('en')} training tokens`;
  return `one model ("${run.name}", ${scorerName(run)}${trained})`;
}

function scorerName({ scorer }: Report['run']): string {
  return scorer === 'ngram' ? 'n-gram' : scorer === 'import' ? 'imported' : scorer;
}

function slopeOf(coefficients: Regression['plain']['coefficients']): number {
  return coefficients.find(({ name }) => name === 'log10_density')?.estimate ?? Number.NaN;
}

function interval({ low, high }: { low: number; high: number }, digits = 2): string {
  return `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
}

/** An interval of shares in percentage points. */
function interval100({ low, high }: { low: number; high: number }): string {
  return interval({ low: low * 100, high: high * 100 }, 1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function points(share: number): string {
  return `${(share * 100).toFixed(1)} points`;
}
