import { createHash } from 'node:crypto';
import { outcomeColumns, type Study } from '../../store/index.js';
import { metricsFrom } from '../outcomes/metrics.js';
import { type SharedDesign, sharedDesign, type Term } from '../statistics/index.js';
import type { UncorrectedCell } from './cell.js';
import { MODELS, type Model, transformed } from './models.js';
import type { Observed } from './observed.js';

/** What every run of a batch is fitted to. */
export interface BatchSettings {
  groupBy: 'document' | 'source';
  folds: number;
  seed: number;
  /** Metrics to explain; by default all that a run has. */
  metrics?: readonly string[] | undefined;
}

/** A query set with its densities. */
export interface ObservedSet {
  id: number;
  name: string;
  densities: Observed[];
}

/** A cell that may have been computed before: `cell` is null where its key was known. */
export interface KeyedCell {
  key: string;
  cell: UncorrectedCell | null;
}

/** Changes with what a cell means, so that cells of an older densimeter are computed again. */
const VERSION = 1;
const FEWEST_ROWS = 20;
const FEWEST_GROUPS = 5;
/** Sets of rows whose designs are kept. */
const KEPT = 64;

/** Fits run after run to the same queries; designs are factored once for all runs that have the same of them. */
export function openFitter(sets: readonly ObservedSet[], settings: BatchSettings) {
  const designs = new Map<string, PreparedRows>();

  /** Every regression of one run, but those whose keys are known. */
  return function fitRun({ db }: Study, run: string, known: ReadonlySet<string>): KeyedCell[] {
    return sets.flatMap((set) => {
      const [first] = set.densities;
      if (!first) return [];
      const metrics = metricsFrom(outcomeColumns(db, run, set.id, first.groups.length));
      return metrics
        .filter(({ name }) => settings.metrics?.includes(name) ?? true)
        .flatMap(({ name, unit, values }) =>
          set.densities.flatMap((observed) => {
            const prepared = prepare(set, observed, values);
            if (!prepared) return [];
            const y = Float64Array.from(prepared.rows, (q) => values[q]!);
            if (y.every((value) => value === y[0])) return [];
            const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
            const hash = createHash('sha1').update(`${run}\n${name}\n`).update(bytesOf(y)).digest('hex');
            return prepared.models.flatMap(({ model, key: designKey, design }): KeyedCell[] => {
              const key = createHash('sha1').update(`${designKey}\n${hash}`).digest('hex');
              if (known.has(key)) return [{ key, cell: null }];
              const fit = design()?.fit(model.transform?.(y, prepared.groups) ?? y);
              if (!fit) return [];
              const { kernel, bandwidth } = observed.measurement;
              const about = {
                querySet: set.name,
                run,
                metric: name,
                unit,
                kernel,
                bandwidth,
                model: model.name,
              };
              return [{ key, cell: { ...about, ...cellFrom(fit, y.length, prepared.groupCount, mean) } }];
            });
          }),
        );
    });
  };

  function prepare(set: ObservedSet, observed: Observed, values: Float64Array): PreparedRows | null {
    const rows = rowsOf(observed, values);
    const groups = rows.map((q) => observed.groups[q]!);
    const groupCount = new Set(groups).size;
    if (rows.length < FEWEST_ROWS || groupCount < FEWEST_GROUPS) return null;
    const { id } = observed.measurement;
    const key = createHash('sha1')
      .update(`${set.id}/${id}\n`)
      .update(bytesOf(Float64Array.from(rows)))
      .digest('hex');
    const before = designs.get(key);
    if (before) return before;
    const prepared = {
      rows,
      groups,
      groupCount,
      models: MODELS.map((model) => designOf(model, observed, rows, groups)),
    };
    if (designs.size >= KEPT) designs.delete(designs.keys().next().value!);
    designs.set(key, prepared);
    return prepared;
  }

  function designOf(
    model: Model,
    observed: Observed,
    rows: readonly number[],
    groups: readonly string[],
  ): PreparedModel {
    const pick = (name: string, values: Float64Array): Term => ({
      name,
      values: Float64Array.from(rows, (q) => values[q]!),
    });
    const terms = [
      ...model.controls(observed).map((name) => pick(name, observed.controls.get(name)!)),
      pick('log10_density', observed.log10Density),
    ];
    const { folds, seed } = settings;
    const { kernel, bandwidth } = observed.measurement;
    const key = createHash('sha1').update(
      JSON.stringify([VERSION, model.name, folds, seed, kernel, bandwidth, groups]),
    );
    for (const { name, values } of terms) key.update(name).update(bytesOf(values as Float64Array));
    // Factored when the first response asks for it: where all cells are known, none does.
    let design: SharedDesign | null | undefined;
    return {
      model,
      key: key.digest('hex'),
      design() {
        if (design === undefined)
          design = sharedDesign(transformed(model, terms, groups), { groups, folds, seed });
        return design;
      },
    };
  }
}

interface PreparedModel {
  model: Model;
  key: string;
  design(): SharedDesign | null;
}

interface PreparedRows {
  rows: number[];
  groups: string[];
  groupCount: number;
  models: PreparedModel[];
}

/** The rows that have the outcome, a density and every control. */
function rowsOf({ log10Density, controls }: Observed, values: Float64Array): number[] {
  const columns = [values, log10Density, ...controls.values()];
  return Array.from(values.keys()).filter((q) => columns.every((column) => Number.isFinite(column[q]!)));
}

function cellFrom(
  fit: NonNullable<ReturnType<SharedDesign['fit']>>,
  n: number,
  groups: number,
  mean: number,
) {
  const { slope, r2, partialR2, outOfSample } = fit;
  const gain = outOfSample?.gain;
  return {
    ...{ n, groups, mean, slope: slope.estimate, slopeError: slope.standardError },
    ...{ slopeLow: slope.low, slopeHigh: slope.high, pValue: slope.pValue, r2, partialR2 },
    controlsOutOfSampleR2: outOfSample?.controlsR2 ?? null,
    outOfSampleR2: outOfSample?.r2 ?? null,
    gain: gain?.estimate ?? null,
    gainLow: gain?.low ?? null,
    gainHigh: gain?.high ?? null,
    gainPValue: gain?.pValue ?? null,
  };
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
