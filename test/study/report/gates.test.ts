import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../study/index.js';

describe('parseRule', () => {
  it.each([
    ['leaked > 0.1', { quantity: { number: 'leaked' }, comparator: '>', limit: 0.1 }],
    ['delta(r2_out) < -0.02', { quantity: { delta: { number: 'r2_out' } }, comparator: '<', limit: -0.02 }],
    ['gain<−1e-3', { quantity: { number: 'gain' }, comparator: '<', limit: -0.001 }],
    [
      'mean(log10_density, subject=law) < -5',
      {
        quantity: { aggregate: 'mean', query: { of: 'log10_density' }, filter: { subject: 'law' } },
        comparator: '<',
        limit: -5,
      },
    ],
    [
      'p95(share("C4, web"), kind=held-out, subject="a b") >= .5',
      {
        quantity: {
          aggregate: 'p95',
          query: { of: 'share', name: 'C4, web' },
          filter: { kind: 'held-out', subject: 'a b' },
        },
        comparator: '>=',
        limit: 0.5,
      },
    ],
    [
      'share(finetune) > 0.5 on > 1% of queries',
      {
        query: { of: 'share', name: 'finetune' },
        comparator: '>',
        limit: 0.5,
        on: { comparator: '>', share: 0.01 },
        filter: {},
      },
    ],
    [
      'loss > 9 on >= 2.5 % of queries where kind=seen',
      { query: { of: 'loss' }, limit: 9, on: { comparator: '>=', share: 0.025 }, filter: { kind: 'seen' } },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseRule(text)).toMatchObject({ text, ...expected });
  });

  it.each([
    ['', 'expected one of r2, '],
    ['density > 1', 'expected one of r2, r2_out, '],
    ['leaked', 'expected <, <=, > or >= behind "leaked", found the end'],
    ['leaked = 1', 'found "="'],
    ['leaked > much', 'expected a number behind "leaked >", found "much"'],
    ['leaked > 0.1 really', 'expected the end'],
    ['share(a) > 0.5', 'expected "on"'],
    ['share(a) > 0.5 on 1% of queries', 'expected <, <=, > or >='],
    ['mean(loss, president=x) < 1', 'expected kind or subject'],
    ['mean(perplexity) < 1', 'expected one of log10_density, loss, share'],
    ['delta(delta(r2)) < 1', 'a number that is no delta'],
    ['p0x(loss) < 1', 'expected one of'],
    ['mean(share("a) < 1', 'a quotation mark is not closed'],
  ])('refuses %j, saying what was expected', (text, message) => {
    expect(() => parseRule(text)).toThrow(message);
  });
});
