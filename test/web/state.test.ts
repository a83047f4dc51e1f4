import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOURS, DEFAULTS, formatState, parseState, type State, VIEWS } from '../../web/src/app/state.js';

const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const number = fc.integer({ min: -90_000, max: 90_000 }).map((value) => value / 1000);
const pair = fc.tuple(number, number);
const state: fc.Arbitrary<State> = fc.record({
  view: fc.constantFrom(...VIEWS),
  query: fc.option(fc.integer({ min: 1, max: 1e9 })),
  measurement: fc.option(fc.integer({ min: 1, max: 1e9 })),
  run: fc.option(name),
  y: fc.oneof(
    fc.constantFrom('loss' as const, 'perplexity' as const, 'bits' as const),
    name.map((of) => `gain:${of}` as const),
  ),
  colour: fc.constantFrom(...COLOURS),
  hidden: fc.uniqueArray(name, { maxLength: 4 }).map((kinds) => kinds.sort()),
  text: fc.string(),
  region: fc.option(
    fc.oneof(
      fc.record({ shape: fc.constant('box' as const), x: pair, y: pair }),
      fc.record({
        shape: fc.constant('lasso' as const),
        corners: fc.array(pair, { minLength: 3, maxLength: 9 }),
      }),
    ),
  ),
  lasso: fc.option(fc.record({ projection: name, corners: fc.array(pair, { minLength: 3, maxLength: 9 }) })),
  marks: fc.constantFrom('points' as const, 'hexagons' as const),
  smooth: fc.boolean(),
  facets: fc.boolean(),
  projection: fc.option(name),
  against: fc.option(name),
  by: fc.constantFrom('kind' as const, 'source' as const, 'document' as const),
  intervention: fc.option(name),
  report: fc.option(name),
  covariate: fc.option(name),
  model: fc.option(name),
  pair: fc.option(fc.tuple(name, name)),
  ask: fc.string(),
});

describe('the state of the page', () => {
  it('is the same after a way through the URL', () => {
    fc.assert(
      fc.property(state, (given) => {
        const back = parseState(formatState(given));
        // −0 is written as 0.
        expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(given)));
      }),
    );
  });

  it('is not in the URL where it is the default', () => {
    expect(formatState(DEFAULTS)).toBe('');
    expect(parseState('')).toEqual(DEFAULTS);
  });

  it('is the default where the URL has something else', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...Object.keys(DEFAULTS)), (value, key) => {
        const parsed = parseState(new URLSearchParams({ [key]: value }).toString());
        expect(VIEWS).toContain(parsed.view);
        expect(() => formatState(parsed)).not.toThrow();
      }),
    );
    expect(parseState('?view=nothing&query=-1&region=box:1,2&measurement=x')).toEqual(DEFAULTS);
  });
});
