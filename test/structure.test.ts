import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { group } from 'd3';
import { describe, expect, test } from 'vitest';

/** One import of a module of ours: the importing and the imported file, relative to the project. */
interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = [
  'store',
  'onnx',
  'indexer',
  'density',
  'lab',
  'study',
  'experiments',
  'api',
  'client',
  'web',
  'cli',
  'scripts',
];
const WITHOUT_DOOR = ['web', 'cli', 'scripts'];
const IMPORT =
  /^\s*(?:import|export)\s+(?<type>type\s)?[^;'"`]*?\bfrom\s+'(?<from>[^']+)'|^\s*import\s+'(?<bare>[^']+)'|\bimport\('(?<lazy>[^']+)'\)/gm;

/** The table of CONTRIBUTING.md: the folders that each folder may import from; `types` where only their types. */
function readTable(): Map<string, { folders: string[]; typesOnly: boolean }> {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const table = new Map<string, { folders: string[]; typesOnly: boolean }>();
  for (const [, folder, rule] of text.matchAll(/^\| `(\w+)\/`\s*\|.*\| (.+?)\s*\|$/gm)) {
    const above = [...table.keys()];
    const named = FOLDERS.filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(rule!));
    const folders = rule === 'everything' ? FOLDERS : rule === 'all of the above' ? above : named;
    table.set(folder!, { folders, typesOnly: /types$/.test(rule!) });
  }
  return table;
}

function sourcesOf(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|mjs)$/.test(name) && !name.split(sep).includes('node_modules'))
    .map((name) => join(folder, name));
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(ROOT, from), 'utf8');
  return [...text.matchAll(IMPORT)].flatMap(({ groups }) => {
    const target = groups!.from ?? groups!.bare ?? groups!.lazy!;
    if (!target.startsWith('.')) return [];
    const plain = relative(ROOT, resolve(ROOT, dirname(from), target)).replace(/\.js$/, '.ts');
    const to = existsSync(join(ROOT, `${plain}x`)) ? `${plain}x` : plain;
    return [{ from, to, typeOnly: groups!.type !== undefined }];
  });
}

/** The files along one import cycle, the first one named again at the end; undefined where there is none. */
function findCycle(imports: readonly Import[]): string[] | undefined {
  const next = group(imports, ({ from }) => from);
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of next.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

const folderOf = (file: string): string => file.split(sep)[0]!;
const table = readTable();
const imports = FOLDERS.flatMap(sourcesOf).flatMap(importsOf);

test('the table of CONTRIBUTING.md names every folder', () => {
  expect([...table.keys()]).toEqual([...FOLDERS, 'test']);
  expect(table.get('study')!.folders).toEqual(['store', 'onnx', 'indexer', 'density', 'lab']);
  expect(imports.length).toBeGreaterThan(20);
});

describe.each(FOLDERS)('%s/', (folder) => {
  const outward = imports.filter(({ from, to }) => folderOf(from) === folder && folderOf(to) !== folder);

  test('imports only from the folders that it may', () => {
    const { folders, typesOnly } = table.get(folder)!;
    const wrong = outward.filter(
      ({ to, typeOnly }) => !folders.includes(folderOf(to)) || (typesOnly && !typeOnly),
    );
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('enters other folders by their door', () => {
    const door = table.get(folder)!.typesOnly ? 'types.ts' : 'index.ts';
    const wrong = outward.filter(({ to }) => to !== join(folderOf(to), door));
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });
});

test.each(FOLDERS.filter((folder) => !WITHOUT_DOOR.includes(folder)))('%s/ has a door', (folder) => {
  expect(existsSync(join(ROOT, folder, 'index.ts'))).toBe(true);
});

test('every relative import is of a file that is there', () => {
  const missing = imports.filter(({ to }) => !existsSync(join(ROOT, to)));
  expect(missing.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('no files import each other in a circle, types apart', () => {
  expect(findCycle(imports.filter(({ typeOnly }) => !typeOnly))).toBeUndefined();
  const circle = ['a', 'b', 'c'].map((from, i) => ({ from, to: ['b', 'c', 'b'][i]!, typeOnly: false }));
  expect(findCycle(circle)).toEqual(['b', 'c', 'b']);
});
