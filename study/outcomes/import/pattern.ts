import { relative, sep } from 'node:path';
import { filesMatching } from '../../../indexer/index.js';
import { type Covariate, covariateFrom, UsageError } from '../../../store/index.js';

/** The files of one run. */
export interface RunFiles {
  run: string;
  files: string[];
  covariates: Record<string, Covariate>;
}

const PLACE = /\{([A-Za-z_]\w*)\}/g;

/**
 * Finds the files of many runs by a pattern of their paths, `Gemstone-{width}x{depth}/main/losses_mmlu.json`: what
 * stands at a {place} is a covariate of that name, a number where it is one. `*` stands for anything inside one name.
 *
 * @param name the runs' name, with the same places: `gemstone-{width}x{depth}`
 * @throws UsageError where no file matches, a place of the name is not in the pattern, or files that differ in a place
 *   would be of one run
 */
export async function runsByPattern(name: string, pattern: string, base: string): Promise<RunFiles[]> {
  const places = [...pattern.matchAll(PLACE)].map(([, place]) => place!);
  for (const [, place] of name.matchAll(PLACE)) {
    if (!places.includes(place!)) throw new UsageError(`The pattern "${pattern}" has no {${place}}.`);
  }
  const regex = regexOf(pattern);
  const runs = new Map<string, RunFiles>();
  for (const path of await filesMatching({ files: [pattern.replace(PLACE, '*')], base })) {
    const found = regex.exec(relative(base, path).split(sep).join('/'))?.groups;
    if (!found) continue;
    const run = name.replace(PLACE, (_, place: string) => found[place]!);
    const covariates = Object.fromEntries(
      Object.entries(found).map(([place, value]) => [place, covariateFrom(value)]),
    );
    const before = runs.get(run);
    if (!before) runs.set(run, { run, files: [path], covariates });
    else {
      requireSame(run, before.covariates, covariates);
      before.files.push(path);
    }
  }
  if (runs.size === 0) throw new UsageError(`No file in ${base} is as "${pattern}" says.`);
  return [...runs.values()];
}

function regexOf(pattern: string): RegExp {
  const seen = new Set<string>();
  const source = pattern
    .split(/(\{[A-Za-z_]\w*\}|\*)/)
    .map((piece) => {
      if (piece === '*') return '[^/]*';
      const place = /^\{(\w+)\}$/.exec(piece)?.[1];
      if (place === undefined) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      if (seen.has(place)) return `\\k<${place}>`;
      seen.add(place);
      return `(?<${place}>[^/]+?)`;
    })
    .join('');
  return new RegExp(`^${source}$`, 'u');
}

function requireSame(
  run: string,
  before: Readonly<Record<string, Covariate>>,
  now: Readonly<Record<string, Covariate>>,
): void {
  const differs = Object.keys(now).find((place) => now[place] !== before[place]);
  if (differs === undefined) return;
  throw new UsageError(
    `Files with ${differs} = ${before[differs]} and with ${now[differs]} would both be of run "${run}": put {${differs}} into its name.`,
  );
}
