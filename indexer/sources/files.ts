import { type Stats, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { UsageError } from '../../store/index.js';
import type { DocumentSource } from './document.js';
import { formatOf, isRemote, READABLE, withoutQuery } from './format.js';

/** The files of a source, and those found beside them that are not data. */
export interface FoundFiles {
  files: string[];
  passedOver: string[];
}

const DESCRIPTIONS =
  /^(readme|license|licence|notice|changelog|citation|contributing|authors|requirements)\b|\.md(\.gz|\.zst)?$|^(dataset_infos?|dataset_dict|dataset_card|state|metadata|config|schema|croissant|package|package-lock|tsconfig)\.json$/i;

/**
 * The files that match, in the order they are read; remote paths as they are.
 *
 * @throws UsageError for a path that matches no file, or a format that is not known
 */
export async function filesOf(source: Pick<DocumentSource, 'files' | 'base'>): Promise<string[]> {
  return (await findFiles(source)).files;
}

/** As `filesOf`, telling also which files of the folders were passed over. */
export async function findFiles({
  files,
  base,
}: Pick<DocumentSource, 'files' | 'base'>): Promise<FoundFiles> {
  if (files.length === 0) throw new UsageError('No files are named. Name a path, a pattern or a folder.');
  const found = new Set<string>();
  const passedOver = new Set<string>();
  for (const pattern of files) {
    const here = isRemote(pattern) ? { files: [pattern], passedOver: [] } : await matchesOf(pattern, base);
    for (const file of here.files) found.add(requireFormat(file));
    for (const file of here.passedOver) passedOver.add(file);
  }
  return { files: [...found], passedOver: [...passedOver].filter((file) => !found.has(file)) };
}

/**
 * The files that match, whatever their formats.
 *
 * @throws UsageError for a path that matches no file
 */
export async function filesMatching({
  files,
  base,
}: Pick<DocumentSource, 'files' | 'base'>): Promise<string[]> {
  const found: string[] = [];
  for (const pattern of files) {
    const path = resolve(base, pattern);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) found.push(path);
    else found.push(...(await glob(pattern, { cwd: base, absolute: true, onlyFiles: true })).sort());
    if (found.length === 0)
      throw new UsageError(`No file matches "${pattern}" (looked in ${resolve(base)}).`);
  }
  return found;
}

async function matchesOf(pattern: string, base: string): Promise<FoundFiles> {
  const path = resolve(base, pattern);
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return { files: [path], passedOver: [] };
  const matches = await glob(stats ? '**' : pattern, {
    cwd: stats ? path : base,
    absolute: true,
    onlyFiles: true,
  });
  if (matches.length === 0) {
    throw new UsageError(`No file matches "${pattern}" (looked in ${resolve(base)}).`);
  }
  const everything = stats !== undefined || extname(pattern) === '';
  const chosen = everything ? dataAmong(matches.sort()) : { files: matches.sort(), passedOver: [] };
  if (chosen.files.length > 0) return chosen;
  throw new UsageError(
    `"${pattern}" holds no file that can be read (${READABLE}); it holds ${listed(matches)}.`,
  );
}

/** Where there is data in a folder, what describes it (README.md, dataset_infos.json, …) is not data too. */
function dataAmong(files: readonly string[]): FoundFiles {
  const readable = files.filter((file) => formatOf(file));
  const data = readable.filter((file) => !DESCRIPTIONS.test(basename(file)));
  const chosen = data.length > 0 ? data : readable;
  const kept = new Set(chosen);
  return { files: chosen, passedOver: files.filter((file) => !kept.has(file)) };
}

function requireFormat(file: string): string {
  if (formatOf(file)) return file;
  throw new UsageError(`${file}: "${extname(file).slice(1)}" is not a format this reads; use ${READABLE}.`);
}

/** Names of files, with "…" behind the first three. */
export function listed(files: readonly string[]): string {
  const names = files.slice(0, 3).map((file) => basename(file));
  return `${names.join(', ')}${files.length > 3 ? ', …' : ''}`;
}

/** What each file is called: its name, with as many folders before it as tell it from files of the same name. */
export function labelsOf(files: readonly string[]): Map<string, string> {
  const labels = new Map<string, string>();
  let waiting = [...files];
  for (let depth = 1; waiting.length > 0; depth++) {
    const bySuffix = new Map<string, string[]>();
    for (const file of waiting) {
      const parts = withoutQuery(file).split(/[\\/]/);
      const suffix = depth > parts.length ? file : parts.slice(-depth).join('/');
      bySuffix.set(suffix, [...(bySuffix.get(suffix) ?? []), file]);
    }
    waiting = [];
    for (const [suffix, same] of bySuffix) {
      if (same.length === 1) labels.set(same[0]!, suffix);
      else waiting.push(...same);
    }
  }
  return labels;
}
