import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import {
  type Corpus,
  DataError,
  listCorpora,
  openCorpusVectors,
  openFaissIndex,
  openStudy,
  openVectorReader,
  type Study,
  whyNoFaiss,
} from '../store/index.js';
import { type CommonOptions, withCommonOptions } from './common-options.js';

/** Rows of every part that FAISS is asked to find again. */
const SAMPLE = 64;
/** How far a unit vector's length may be from 1. */
const NORM_ERROR = { fp32: 1e-4, fp16: 2e-3 };

/** What was found of one corpus. */
interface Verified {
  corpus: string;
  vectors: number;
  dims: number;
  /** Vectors that FAISS found as their own nearest neighbour, or null where FAISS is not installed. */
  foundByFaiss: number | null;
}

/** Adds `densimeter verify`. */
export function addVerifyCommand(program: Command): void {
  withCommonOptions(
    program
      .command('verify')
      .description('check the vector files of a study, with FAISS where it is installed'),
  )
    .addHelpText('after', '\nExample:\n  densimeter verify --study demo')
    .action(async ({ study: dir, json, quiet }: CommonOptions) => {
      const study = openStudy(dir);
      try {
        const reason = await whyNoFaiss();
        const verified: Verified[] = [];
        for (const corpus of listCorpora(study.db))
          verified.push(await verify(study, corpus, reason === undefined));
        if (json) process.stdout.write(`${JSON.stringify({ verified, faiss: reason ?? 'used' })}\n`);
        else if (!quiet) process.stdout.write(describe(verified, reason));
      } finally {
        study.close();
      }
    });
}

async function verify(
  study: Study,
  corpus: Corpus & { chunks: number },
  useFaiss: boolean,
): Promise<Verified> {
  const { name, dims, precision } = corpus;
  const folder = study.vectorFolder('corpus', corpus.folder);
  const rows = corpus.chunks;
  const reader = openCorpusVectors(study, corpus);
  try {
    if (reader.dims !== dims)
      throw new DataError(`${folder} has ${reader.dims} dims; the catalogue has ${dims}.`);
    const vector = new Float32Array(dims);
    for (let row = 0; row < rows; row++) {
      reader.read(row, 1, vector);
      const norm = Math.hypot(...vector);
      if (!(Math.abs(norm - 1) < NORM_ERROR[precision])) {
        throw new DataError(`${folder}: row ${row} has length ${norm}, not 1. Index corpus "${name}" again.`);
      }
    }
  } finally {
    reader.close();
  }
  return {
    corpus: name,
    vectors: rows,
    dims,
    foundByFaiss: useFaiss ? await searchParts(folder, corpus) : null,
  };
}

/** Lets FAISS search some vectors of every part: each must be found with a score of 1. */
async function searchParts(folder: string, { dims, precision }: Corpus): Promise<number> {
  const reader = openVectorReader(folder);
  let firstRow = 0;
  let found = 0;
  try {
    for (const part of readdirSync(folder)
      .sort()
      .filter((name) => name.startsWith('part-'))) {
      const index = await openFaissIndex(join(folder, part));
      if (!index) break;
      const sample = Math.min(SAMPLE, index.rows);
      const vectors = new Float32Array(sample * dims);
      reader.read(firstRow, sample, vectors);
      const { scores } = await index.search(vectors, 1);
      firstRow += index.rows;
      await index.close();
      const lost = scores.findIndex((score) => !(Math.abs(score - 1) < 2 * NORM_ERROR[precision]));
      if (lost >= 0) {
        throw new DataError(
          `${join(folder, part)}: FAISS finds row ${lost} with a score of ${scores[lost]}, not 1.`,
        );
      }
      found += sample;
    }
  } finally {
    reader.close();
  }
  return found;
}

function describe(verified: readonly Verified[], reason: string | undefined): string {
  const lines = verified.map(
    ({ corpus, vectors, dims, foundByFaiss }) =>
      `corpus ${corpus}: ${vectors} unit vectors of ${dims} dims${foundByFaiss === null ? '' : `, ${foundByFaiss} of them found by FAISS`}`,
  );
  return `${[...lines, ...(reason ? [`FAISS was not used: ${reason}`] : [])].join('\n')}\n`;
}
