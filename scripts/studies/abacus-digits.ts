import { writeFileSync } from 'node:fs';
import { range } from 'd3';
import { openUseLite, withAbacusDigits } from '../../indexer/index.js';
import { densityByLength, type LengthCurve, type LengthStudy } from './density-by-length.js';
import { linePlot } from './line-plot.js';

const STUDY: LengthStudy = {
  problems: 5000,
  trainedDigits: 20,
  lengths: range(1, 101),
  queriesPerLength: 30,
  kernel: 'exponential',
  effectiveSamples: 100,
  seed: 1,
};
const WEIGHT = 0.5;
const PLOT = 'docs/abacus-digits.svg';

/** Shows whether density tells that addition problems are longer than any trained on, with Abacus digits and without. */
async function main(): Promise<void> {
  const plain = await openUseLite();
  const curves: LengthCurve[] = [];
  for (const embedder of [plain, withAbacusDigits(plain, { weight: WEIGHT })]) {
    process.stderr.write(`measuring ${embedder.name} …\n`);
    curves.push(await densityByLength(embedder, STUDY));
  }
  await plain.close();
  process.stdout.write(table(curves));
  writeFileSync(PLOT, plot(curves));
  process.stderr.write(`wrote ${PLOT}\n`);
}

function table(curves: readonly LengthCurve[]): string {
  const line = (head: string, cell: (curve: LengthCurve) => string) =>
    [head.padEnd(20), ...curves.map((curve) => cell(curve).padEnd(36))].join(' ').trimEnd();
  const shown = [1, 2, 5, 10, 15, 20, 22, 25, ...range(30, 101, 10)];
  return [
    `${STUDY.problems} problems of up to ${STUDY.trainedDigits} digits; ${STUDY.queriesPerLength} queries a length; ${STUDY.kernel} kernel; seed ${STUDY.seed}.`,
    'By digits of both operands: mean log10 density, its 95% interval, and the share of pairs in which a query of',
    `this length is less dense than one of ${STUDY.trainedDigits} digits.`,
    line('digits', ({ embedder }) => embedder),
    ...shown.map((digits) =>
      line(String(digits), ({ rows }) => {
        const { mean, low, high, below } = rows.find((one) => one.digits === digits)!;
        return `${mean.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}), ${below.toFixed(3)}`;
      }),
    ),
    line('bandwidth', ({ bandwidth }) => String(bandwidth)),
    line('Spearman, means', ({ spearman }) => spearman.ofMeans.toFixed(3)),
    line('Spearman, queries', ({ spearman }) => spearman.ofQueries.toFixed(3)),
    `Bandwidth: ${curves[0]!.rule}. Spearman: of digits and log10 density, ${STUDY.trainedDigits} to ${STUDY.lengths.at(-1)} digits.`,
    `The embedder does not look at the ends of queries from ${curves[0]!.truncatedFrom} digits on.`,
    '',
  ].join('\n');
}

function plot(curves: readonly LengthCurve[]): string {
  const names = ['without the option', `with Abacus digits, weight ${WEIGHT}`];
  const colours = ['#d55e00', '#0072b2'];
  const labels = ['above', 'below'] as const;
  return linePlot({
    title: 'Log density of addition problems by length',
    subtitle: `${STUDY.problems.toLocaleString('en')} training problems of 1 to ${STUDY.trainedDigits} digits; means of ${STUDY.queriesPerLength} queries with 95% intervals`,
    x: 'digits of each operand',
    y: 'mean log10 density',
    lines: curves.map(({ rows }, i) => ({
      name: names[i]!,
      label: labels[i]!,
      colour: colours[i]!,
      points: rows.map(({ digits, mean, low, high }) => ({ x: digits, y: mean, low, high })),
    })),
    mark: { x: STUDY.trainedDigits, text: 'longest in training' },
  });
}

await main();
