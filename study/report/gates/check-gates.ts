import { max, mean, median, min, quantile } from 'd3';
import { type Study, sharesAtLevel, UsageError } from '../../../store/index.js';
import type { QueryPoint, Report } from '../report.js';
import type { Comparator, Filter, Quantity, QueryNumber, ReportNumber, Rule } from './rule.js';

/** What became of a gate. */
export interface GateResult {
  rule: string;
  failed: boolean;
  /** The number that was held against the limit: for a rule on queries, their share. */
  value: number;
  limit: number;
  /** The queries that it failed on, or over which the number is: the worst first, up to ten. */
  queries: { key: string; value: number }[];
  /** How many there are. */
  count: number;
}

type Checked = Omit<Report, 'words' | 'comparison' | 'gates'>;

const NAMED = 10;

/**
 * Holds a report against rules of what must not be.
 *
 * @param before the report that `delta` is against
 * @param study where shares of the density are
 * @throws UsageError for a rule that asks for what is not there
 */
export function checkGates(
  rules: readonly Rule[],
  report: Checked,
  { study, measurementId, before }: { study: Study; measurementId: number; before: Report | undefined },
): GateResult[] {
  return rules.map((rule) => {
    if ('quantity' in rule) {
      const { quantity, comparator, limit, text } = rule;
      const value = quantityIn(quantity, report, text);
      const failed = isBeyond(value, comparator, limit);
      const about = 'delta' in quantity ? quantity.delta : quantity;
      const queries = 'aggregate' in about ? ranked(about.query, about.filter, report, comparator, text) : [];
      if ('number' in about && about.number === 'leaked')
        return { rule: text, failed, value, limit, ...leaksOf(report) };
      return { rule: text, failed, value, limit, count: queries.length, queries: queries.slice(0, NAMED) };
    }
    const { query, filter, comparator, limit, on, text } = rule;
    const all = ranked(query, filter, report, comparator, text);
    const beyond = all.filter(({ value }) => isBeyond(value, comparator, limit));
    const share = beyond.length / all.length;
    const failed = isBeyond(share, on.comparator, on.share);
    return {
      rule: text,
      failed,
      value: share,
      limit: on.share,
      count: beyond.length,
      queries: beyond.slice(0, NAMED),
    };
  });

  function quantityIn(quantity: Quantity, of: Checked, text: string): number {
    if ('delta' in quantity) {
      if (!before)
        throw new UsageError(`--gate "${text}": delta needs a report to compare with: --against report.json`);
      return quantityIn(quantity.delta, of, text) - quantityIn(quantity.delta, before, text);
    }
    if ('number' in quantity) return numberOf(quantity.number, of, text);
    const values = valuesOf(quantity.query, quantity.filter, of, text).map(({ value }) => value);
    const { aggregate } = quantity;
    const simple = { mean, median, min, max }[aggregate as 'mean'];
    return simple ? simple(values)! : quantile(values, Number(aggregate.slice(1)) / 100)!;
  }

  /** The values of queries, from that which is farthest beyond a limit. */
  function ranked(query: QueryNumber, filter: Filter, of: Checked, comparator: Comparator, text: string) {
    const side = comparator.startsWith('<') ? 1 : -1;
    return valuesOf(query, filter, of, text).sort((a, b) => side * (a.value - b.value));
  }

  function valuesOf(query: QueryNumber, filter: Filter, of: Checked, text: string) {
    const chosen = of.queries.filter(
      ({ kind, source }) =>
        (filter.kind === undefined || kind === filter.kind) &&
        (filter.subject === undefined || source === filter.subject),
    );
    if (chosen.length === 0) {
      throw new UsageError(
        `--gate "${text}": no query is of ${[filter.kind, filter.subject].filter(Boolean).join(', ') || 'this report'}.`,
      );
    }
    const value = query.of === 'share' ? sharesOf(query.name, of, text) : plain(query.of);
    return chosen.map((one) => ({ key: one.key, value: value(one) }));
  }

  /** The share of each query's density that a corpus, a source, or all corpora of a role hold. */
  function sharesOf(name: string, of: Checked, text: string): (query: QueryPoint) => number {
    if (of === before)
      throw new UsageError(
        `--gate "${text}": a report.json has no shares of single queries, so these have no delta.`,
      );
    const held = new Map<number, number>();
    const add = (id: number, share: number) => held.set(id, (held.get(id) ?? 0) + share);
    const roles = new Map(of.corpora.map((corpus) => [corpus.name, corpus.role]));
    const corpora = new Set(
      of.density.corpora.filter((corpus) => corpus === name || roles.get(corpus) === name),
    );
    const level = corpora.size > 0 ? 'corpus' : 'source';
    let known = corpora.size > 0;
    for (const { queryId, corpus, label, share } of sharesAtLevel(study.db, measurementId, level)) {
      if (level === 'corpus' ? corpora.has(corpus) : label === name) {
        add(queryId, share);
        known = true;
      }
    }
    if (!known) {
      throw new UsageError(
        `--gate "${text}": "${name}" is no corpus, source or role of the density of ${of.density.corpora.join(', ')}.`,
      );
    }
    return ({ id }) => held.get(id) ?? 0;
  }
}

function plain(of: 'log10_density' | 'loss'): (query: QueryPoint) => number {
  return of === 'loss' ? ({ loss }) => loss : ({ log10Density }) => log10Density;
}

function numberOf(name: ReportNumber, report: Checked, text: string): number {
  const { headline, regressions, leaks, queries } = report;
  const last = headline?.models.at(-1);
  const numbers: Record<ReportNumber, number | undefined> = {
    r2: regressions[0]?.plain.r2,
    r2_out: last?.r2WithDensity,
    gain: last?.gain.estimate,
    slope: headline?.slope.estimate,
    partial_r2: headline?.partialR2,
    leaked: leaks ? leakedShare(leaks.kinds) : undefined,
    mean_loss: mean(queries, ({ loss }) => loss),
    queries: queries.length,
  };
  const value = numbers[name];
  if (value !== undefined) return value;
  throw new UsageError(
    `--gate "${text}": the report has no ${name}: ${name === 'leaked' ? 'no leaks were looked for (leaks: {} in the study file)' : 'it has too few queries for a regression'}.`,
  );
}

/** The queries that are suspected to be leaked, by score. */
function leaksOf({ leaks, queries }: Checked): Pick<GateResult, 'queries' | 'count'> {
  const keys = new Map(queries.map(({ id, key }) => [id, key]));
  return {
    count: leaks!.kinds.reduce((sum, { suspected }) => sum + suspected, 0),
    queries: leaks!.leaks.map(({ queryId, score }) => ({
      key: keys.get(queryId) ?? String(queryId),
      value: score,
    })),
  };
}

function leakedShare(kinds: readonly { queries: number; suspected: number }[]): number {
  const sum = (of: (kind: (typeof kinds)[number]) => number) =>
    kinds.reduce((all, kind) => all + of(kind), 0);
  return sum(({ suspected }) => suspected) / sum(({ queries }) => queries);
}

function isBeyond(value: number, comparator: Comparator, limit: number): boolean {
  switch (comparator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}
