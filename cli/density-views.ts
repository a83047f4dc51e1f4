import { type Command, InvalidArgumentError } from 'commander';
import type { AskedDensity } from '../study/index.js';
import { number } from './common-options.js';
import { log10 } from './density-words.js';
import { aligned, percent } from './terminal-text.js';

/** Which views of a density to print. */
export interface DensityViewOptions {
  top?: boolean;
  noise?: number | true;
}

/** Adds the options that ask for views of a density. */
export function withViewOptions(command: Command): Command {
  return command
    .option('--top', 'say how much of the density the nearest 1, 10 and 100 points, 1% and 2% of them hold')
    .option(
      '--noise [alpha]',
      'say how far NEFTune’s noise on the embedding moves the density; alpha is by default 5',
      noiseScale,
    );
}

function noiseScale(value: string): number {
  const alpha = number(value);
  if (alpha < 0) throw new InvalidArgumentError('Give a number of at least 0.');
  return alpha;
}

/** The views of a density in lines; none where none were asked for. */
export function viewLines({ top, noise }: AskedDensity): string[] {
  return [...(top ? topLines(top) : []), ...(noise ? noiseLines(noise) : [])];
}

function topLines({ shares, half }: NonNullable<AskedDensity['top']>): string[] {
  const rows = shares.map(({ top, k, share, low, high }) => [
    top < 1 ? `${asPercentage(top)}, ${k.toLocaleString('en')}` : top.toLocaleString('en'),
    percent(share),
    // As much as a percentage is printed to.
    high - low < 0.001 ? '' : `(${percent(low)} to ${percent(high)})`,
  ]);
  const points = half.k === 1 ? 'point holds' : 'points hold';
  return [
    '  nearest points: share of the density',
    ...aligned(rows, [2]).map((line) => `    ${line}`),
    `  the nearest ${half.low === half.high ? '' : 'about '}${half.k.toLocaleString('en')} ${points} half of it`,
  ];
}

const asPercentage = (top: number) =>
  top.toLocaleString('en', { style: 'percent', maximumFractionDigits: 2 });

function noiseLines(noise: NonNullable<AskedDensity['noise']>): string[] {
  const { alpha, draws, tokens, log10Mean, log10Deviation, log10Low, log10High } = noise;
  return [
    `  under noise of alpha ${alpha} on ${tokens} tokens, ${draws} draws: log10 density ${log10(log10Mean)} on average, standard deviation ${log10Deviation.toFixed(2)}, 5% to 95% ${log10(log10Low)} to ${log10(log10High)}`,
  ];
}
