import { describe, expect, it } from 'vitest';
import { boundWords, intervalWords, log10, touchedWords } from '../../cli/density-words.js';
import { describeMeasurement } from '../../cli/measurement-words.js';

const drawn = { log10Density: -4.5, log10Low: -4.52, log10High: -4.47, touched: 0.0187 };

describe('words of a density', () => {
  it('say ±0 and all points of an exact estimate, and interval and share of another', () => {
    expect(intervalWords({ ...drawn, log10Low: -4.5, log10High: -4.5 })).toBe('±0');
    expect(intervalWords(drawn)).toBe('−4.52 to −4.47');
    expect(touchedWords(1)).toBe('all points looked at');
    expect(touchedWords(drawn.touched)).toBe('1.9% of the points looked at');
    expect(log10(0.004)).toBe('+0.00');
  });

  it('say an error bound where it can be seen, and where there is none', () => {
    expect([0.001, 0.02, Number.POSITIVE_INFINITY].map(boundWords)).toEqual([
      '',
      ' ±0.02',
      ' (no bound of its error)',
    ]);
  });
});

describe('describeMeasurement', () => {
  it('names estimator, its rule, interval and the points looked at beside the densities', () => {
    const measurement = {
      ...{ id: 1, name: 'base', querySetId: 1, corpora: ['c'], points: 1000, seed: 1 },
      ...{ kernel: 'exponential', bandwidth: 0.1, bandwidthRule: 'given' },
      ...{ estimator: 'stratified', estimatorRule: 'auto: large', relativeError: 0.05, budget: null },
    };
    const text = describeMeasurement({
      ...{ measurement, queries: 9, quartiles: [-5, -4.5, -4], touched: 0.0187, medianHalfWidth: 0.0213 },
      leastSupported: [{ key: 'q', text: '', ...drawn }],
      tops: [
        { top: 10, k: 10, medianShare: 0.16 },
        { top: 0.02, k: 20, medianShare: 0.934 },
      ],
      curve: [{ bandwidth: 0.2000001, medianLog10Density: -2.5, errorBound: 0.02 }],
    });
    expect(text.split('\n')).toEqual([
      'exponential kernel, h = 0.1 (given), n = 1000 points of c:',
      '  log10 density of 9 queries: median −4.50, quartiles −5.00 and −4.00',
      '  stratified (auto: large), interval ±0.021 for the median query, 1.9% of the points looked at',
      '  least supported:',
      '    −4.50 (−4.52 to −4.47)  q',
      '  the nearest points hold, of the median density: 10 16.0%, 2% (20) 93.4%',
      '  median log10 density at other bandwidths:',
      '    h = 0.2  −2.50 ±0.02',
    ]);
  });
});
