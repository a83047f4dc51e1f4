import { UsageError } from '../../../store/index.js';
import {
  AGGREGATES,
  type Aggregate,
  type Comparator,
  type Filter,
  type Quantity,
  type QueryNumber,
  REPORT_NUMBERS,
  type Rule,
} from './rule.js';

const TOKEN = /\s*(?:(?<text>"[^"]*")|(?<sign>[<>]=?|[(),=%])|(?<word>[^\s<>(),=%"]+))/y;
const QUERY_NUMBERS = ['log10_density', 'loss', 'share'];
const PERCENTILE = /^p(?:100|\d{1,2})$/;

/**
 * Reads a gate's rule:
 *
 *     rule     = quantity comparator number
 *              | query-number comparator number "on" comparator number "%" "of" "queries" [ "where" filter ]
 *     quantity = name | aggregate "(" query-number { "," filter } ")" | "delta" "(" quantity ")"
 *     filter   = ("kind" | "subject") "=" name
 *
 * @throws UsageError saying where and what was expected
 */
export function parseRule(text: string): Rule {
  const tokens = tokensOf(text);
  let at = 0;
  const rule = ruleFrom();
  if (at < tokens.length) fail('the end');
  return rule;

  function ruleFrom(): Rule {
    if (QUERY_NUMBERS.includes(peek() ?? '')) {
      const query = queryNumber();
      const comparator = comparatorFrom();
      const limit = number();
      expect('on');
      const on = { comparator: comparatorFrom(), share: number() / 100 };
      for (const word of ['%', 'of', 'queries']) expect(word);
      const filter = filtersBehind('where');
      return { text, query, comparator, limit, on, filter };
    }
    return { text, quantity: quantityFrom(), comparator: comparatorFrom(), limit: number() };
  }

  function quantityFrom(): Quantity {
    const name = peek() ?? '';
    if (name === 'delta') {
      next();
      expect('(');
      const inner = quantityFrom();
      if ('delta' in inner) fail('a number that is no delta itself');
      expect(')');
      return { delta: inner };
    }
    const known = REPORT_NUMBERS.find((one) => one === name);
    if (known) {
      next();
      return { number: known };
    }
    if (!(AGGREGATES as readonly string[]).includes(name) && !PERCENTILE.test(name)) {
      fail(
        `one of ${[...REPORT_NUMBERS, ...AGGREGATES].join(', ')}, p1 to p99, delta, ${QUERY_NUMBERS.join(', ')}`,
      );
    }
    next();
    expect('(');
    const query = queryNumber();
    const filter = filtersBehind(',');
    expect(')');
    return { aggregate: name as Aggregate, query, filter };
  }

  function queryNumber(): QueryNumber {
    const name = next();
    if (name === 'share') {
      expect('(');
      const of = next() ?? fail('the name of a corpus, source or role');
      expect(')');
      return { of: 'share', name: unquoted(of) };
    }
    if (name === 'log10_density' || name === 'loss') return { of: name };
    at--;
    return fail(`one of ${QUERY_NUMBERS.join(', ')}`);
  }

  function filtersBehind(word: string): Filter {
    if (peek() !== word) return {};
    next();
    return filters();
  }

  function filters(): Filter {
    const filter: Filter = {};
    do {
      const field = next();
      if (field !== 'kind' && field !== 'subject') {
        at--;
        fail('kind or subject');
      }
      expect('=');
      filter[field as keyof Filter] = unquoted(next() ?? fail('a name'));
    } while (peek() === ',' && next() !== undefined);
    return filter;
  }

  function comparatorFrom(): Comparator {
    const found = peek();
    if (found !== '<' && found !== '<=' && found !== '>' && found !== '>=') return fail('<, <=, > or >=');
    next();
    return found;
  }

  function number(): number {
    const value = Number(peek()?.replace('−', '-'));
    if (!Number.isFinite(value)) return fail('a number');
    next();
    return value;
  }

  function peek(): string | undefined {
    return tokens[at];
  }

  function next(): string | undefined {
    return tokens[at++];
  }

  function expect(word: string): void {
    if (peek() !== word) fail(`"${word}"`);
    next();
  }

  function fail(expected: string): never {
    const found = tokens[at] === undefined ? 'the end' : `"${tokens[at]}"`;
    const before = tokens.slice(0, at).join(' ');
    throw new UsageError(
      `--gate "${text}": expected ${expected}${before ? ` behind "${before}"` : ''}, found ${found}. Write a name with spaces or signs in double quotes.`,
    );
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const [found] = TOKEN.exec(text) ?? [];
    if (found === undefined) throw new UsageError(`--gate "${text}": a quotation mark is not closed.`);
    tokens.push(found.trim());
  }
  return tokens;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1) : name;
}
