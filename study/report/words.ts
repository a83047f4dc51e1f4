import { kernelWords } from './kernel-words.js';
import type { ArmResult, Estimate, InterventionResult, KindSummary, Regression, Report } from './report.js';

/** What a report found, how sure it is, and what it does not say: a paragraph each, for a reader without statistics. */
export function inWords(report: Omit<Report, 'words'>): string[] {
  const [headline] = report.regressions;
  return [
    ...(headline
      ? [foundIn(report, headline), sureOf(headline), withinKinds(report.regressions, headline)]
      : []),
    kindsInWords(report.kinds),
    ...report.interventions.map(interventionInWords),
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
  const share = `${percent(regression.plain.r2)} of the differences in loss between the ${regression.n} queries`;
  return (
    `Where the training data is ten times denser around a query, the ${scorerName(run)} model "${run.name}" is ` +
    `${Math.abs(slope).toFixed(2)} nats a token ${direction} surprised by it. Density alone accounts for ${share}. ` +
    `Density here is the mean ${kernelWords(density.kernel)} kernel over ${points} training chunks at bandwidth ${density.bandwidth} ` +
    `(${density.bandwidthRule}).`
  );
}

function sureOf({ controlled, pearson }: Regression): string {
  if (!controlled || !pearson) return '';
  const { outOfSampleGain: gain, controlsOutOfSampleR2: alone, outOfSampleR2: both } = controlled;
  const correlation = `The correlation is ${pearson.estimate.toFixed(2)} (95% interval ${interval(pearson)}).`;
  if (!gain || alone === null || both === null) return correlation;
  const verdict =
    gain.low > 0
      ? 'density helps to predict the loss of texts it has not seen, beyond length and how common the words are'
      : gain.high < 0
        ? 'density makes predictions for texts it has not seen worse than length and word frequency alone'
        : 'whether density helps beyond length and how common the words are cannot be told from these queries';
  return (
    `${correlation} Length and word frequency alone predict ${percent(alone)} of the variance in documents left out of the fit, ` +
    `and ${percent(both)} with density (a change of ${points(gain.estimate)}, 95% interval ${interval100(gain)}): ${verdict}.`
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

function interventionInWords({
  name,
  untouched,
  arms,
  overall,
  gainOnDensityChange,
  leakedTexts,
}: InterventionResult): string {
  const { densityEffect, gainEffect } = overall;
  const slope = gainOnDensityChange.coefficients.at(-1);
  const byArm = arms
    .filter(({ dose }) => dose > 0)
    .map(({ arm, gainEffect: effect }) => `${arm} ${effect ? effect.estimate.toFixed(2) : 'unknown'}`);
  const leaked = `Intervention "${name}" leaked ${leakedTexts} texts for randomly drawn queries and trained the model again.`;
  if (!densityEffect || !gainEffect || !slope)
    return `${leaked} Its effect cannot be estimated from so few queries.`;
  return (
    `${leaked} Against the queries of the control arm, log10 density ${rose(densityEffect)} and loss ${fell(gainEffect)}; ` +
    `gains by arm, nats a token: ${byArm.join(', ')}. Each tenfold rise in density went with a gain of ` +
    `${slope.estimate.toFixed(2)} nats a token (95% interval ${interval(slope)}).${spilloverInWords(arms, untouched)}`
  );
}

/** What the control arm gained from leaks of its neighbours in the same documents. */
function spilloverInWords(arms: readonly ArmResult[], untouched: string): string {
  const effect = arms.find(({ arm }) => arm === untouched)?.gainEffect;
  if (!effect) return '';
  const spillover = { estimate: -effect.estimate, low: -effect.high, high: -effect.low };
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
    `What this does not say: ${causes} All of it holds for one embedder (${density.embedder}), one bandwidth rule and one model ` +
    `(${scorerName(run)}, ${run.trainedTokens.toLocaleString('en')} training tokens); another embedder or a neural model may give other numbers.`
  );
}

function scorerName({ scorer }: Report['run']): string {
  return scorer === 'ngram' ? 'n-gram' : scorer;
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
