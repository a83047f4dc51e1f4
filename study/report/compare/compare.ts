import { descending, group, mean } from 'd3';
import { benjaminiHochberg, clusteredMean } from '../../statistics/index.js';
import type { Estimate, QueryPoint, Report } from '../report.js';
import { requireComparable } from './comparable.js';
import type { Comparison, Moved, MovedHeadline, MovedQuery } from './comparison.js';

const FEWEST_GROUPS = 5;
const MOST_SOURCES = 40;
const NAMED = 10;

type Pair = { now: QueryPoint; before: QueryPoint };
type Compared = Omit<Report, 'words' | 'comparison' | 'gates'>;

/**
 * What moved between two reports of the same queries at the same density settings, with intervals.
 *
 * @throws UsageError naming everything by which they cannot be compared
 */
export function compareReports(report: Compared, before: Report): Comparison {
  requireComparable(report, before);
  const known = new Map(before.queries.map((query) => [query.key, query]));
  const pairs = report.queries.flatMap((now) => {
    const then = known.get(now.key);
    return then ? [{ now, before: then }] : [];
  });
  const { study, made, name, run, density } = before;
  return {
    against: { name, study, made, run: run.name, corpora: density.corpora, points: density.points },
    queries: {
      both: pairs.length,
      added: report.queries.length - pairs.length,
      gone: before.queries.length - pairs.length,
    },
    moved: corrected([
      ...movedIn('log10 density', pairs, ({ log10Density }) => log10Density),
      ...movedIn('loss', pairs, ({ loss }) => loss),
    ]),
    headline: headlineMoves(report, before),
    mostMoved: {
      density: mostMoved(pairs, ({ log10Density }) => log10Density),
      loss: mostMoved(pairs, ({ loss }) => loss),
    },
    sources: sourceMoves(report, before),
    runs: runMoves(report, before),
  };
}

type Value = (query: QueryPoint) => number;

/** The change of a mean over all queries, over those of each kind, and over those of each source. */
function movedIn(what: Moved['what'], pairs: readonly Pair[], value: Value): Moved[] {
  const kinds = [...group(pairs, ({ now }) => now.kind)];
  const sources = [...group(pairs, ({ now }) => now.source)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_SOURCES);
  const parts: [string, readonly Pair[]][] = [
    ['all', pairs],
    ...(kinds.length > 1 ? kinds.map(([kind, own]): [string, Pair[]] => [`kind ${kind}`, own]) : []),
    ...(sources.length > 1
      ? sources.map(([source, own]): [string, Pair[]] => [`source ${source}`, own])
      : []),
  ];
  return parts.flatMap(([name, own]) => {
    const changes = own.map(({ now, before }) => value(now) - value(before));
    const groups = own.map(({ now }) => now.group);
    // Queries of one source are one group where errors go by source; within it, each stands for itself.
    const clusters = new Set(groups).size >= FEWEST_GROUPS ? groups : own.map(({ now }) => now.key);
    if (new Set(clusters).size < FEWEST_GROUPS) return [];
    const { estimate, low, high, pValue } = clusteredMean(changes, clusters);
    const method = 'paired t over the same queries, errors by group';
    const change: Estimate = { estimate, low, high, pValue, method };
    const over = (of: (pair: Pair) => QueryPoint) => mean(own, (pair) => value(of(pair)))!;
    return [
      {
        what,
        group: name,
        queries: own.length,
        before: over((p) => p.before),
        after: over((p) => p.now),
        change,
      },
    ];
  });
}

function corrected(moved: readonly Moved[]): Moved[] {
  const adjusted = benjaminiHochberg(moved.map(({ change }) => change.pValue));
  return moved.map((one, i) => ({ ...one, change: { ...one.change, pValue: adjusted[i]! } }));
}

function headlineMoves(report: Compared, before: Report): MovedHeadline[] {
  const [now, then] = [report.headline, before.headline];
  if (!now || !then) return [];
  const [model, older] = [now.models.at(-1)!, then.models.at(-1)!];
  const plain = (what: string, a: number, b: number): MovedHeadline => {
    return { what, before: a, after: b, change: b - a, low: null, high: null };
  };
  const withIntervals = (what: string, a: Interval, b: Interval): MovedHeadline => {
    const error = Math.hypot(a.high - a.low, b.high - b.low) / 2;
    const change = b.estimate - a.estimate;
    return { what, before: a.estimate, after: b.estimate, change, low: change - error, high: change + error };
  };
  return [
    plain('out-of-sample R² of all controls and density', older.r2WithDensity, model.r2WithDensity),
    withIntervals('what density adds to it', older.gain, model.gain),
    withIntervals('slope for a standard deviation of log10 density', then.slope, now.slope),
  ];
}

interface Interval {
  estimate: number;
  low: number;
  high: number;
}

function mostMoved(pairs: readonly Pair[], value: Value): MovedQuery[] {
  return pairs
    .map(({ now, before }) => ({ now, before: value(before), after: value(now) }))
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => descending(Math.abs(a.after - a.before), Math.abs(b.after - b.before)))
    .slice(0, NAMED)
    .map(({ now: { key, kind, source, excerpt }, before, after }) => {
      return { key, kind, source, excerpt, before, after };
    });
}

function sourceMoves({ coverage }: Compared, { coverage: older }: Report): Comparison['sources'] {
  if (!coverage || !older) return [];
  const sharesOf = ({ sources, shares }: typeof coverage) =>
    new Map(sources.map(({ corpus, source }, s) => [`${corpus}/${source}`, shares[s]!]));
  const [now, then] = [sharesOf(coverage), sharesOf(older)];
  return [...new Set([...now.keys(), ...then.keys()])]
    .map((source) => ({ source, before: then.get(source) ?? 0, after: now.get(source) ?? 0 }))
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => descending(Math.abs(a.after - a.before), Math.abs(b.after - b.before)))
    .slice(0, NAMED);
}

function runMoves(report: Compared, before: Report): Comparison['runs'] {
  const slopesOf = ({ panel }: Pick<Report, 'panel'>) =>
    new Map((panel?.runs ?? []).map(({ run, slope }) => [run, slope.estimate]));
  const [slopes, older] = [slopesOf(report), slopesOf(before)];
  const [now, then] = [new Set(report.run.runs), new Set(before.run.runs)];
  return {
    both: [...now]
      .filter((run) => slopes.has(run) && older.has(run))
      .map((run) => ({ run, before: older.get(run)!, after: slopes.get(run)! }))
      .sort((a, b) => descending(Math.abs(a.after - a.before), Math.abs(b.after - b.before))),
    added: [...now].filter((run) => !then.has(run)),
    gone: [...then].filter((run) => !now.has(run)),
  };
}
