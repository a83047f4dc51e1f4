import { randomLcg, shuffler } from 'd3';
import {
  type ChunkOptions,
  chunkText,
  type Embedder,
  openPrecomputed,
  type QueryToEmbed,
  readDocuments,
  Skipped,
  type SourceDocument,
} from '../../indexer/index.js';
import { corpusByName, DataError, documentsOf, type Study } from '../../store/index.js';
import type { QueryPart, StudyFile } from './study-file.js';

/** Characters. */
const SHORTEST_PASSAGE = 40;

/** The queries drawn for a study, and what was left out. */
export interface DrawnQueries {
  queries: QueryToEmbed[];
  skipped: Skipped;
}

/**
 * Cuts the texts of every part of a query set into passages and draws its sample.
 *
 * @throws DataError where a part has no text
 */
export async function drawQueries(
  study: Study,
  file: Pick<StudyFile, 'queries' | 'base' | 'seed'>,
  { countTokens }: Pick<Embedder, 'countTokens'>,
): Promise<DrawnQueries> {
  const skipped = new Skipped();
  const queries: QueryToEmbed[] = [];
  for (const [number, part] of file.queries.entries()) {
    const candidates: QueryToEmbed[] = [];
    const shortest = shortestText(part.chunk);
    for await (const document of documentsOfPart(study, part, file.base, skipped)) {
      if (document.vector && part.chunk.by !== 'document') {
        throw new DataError(
          `queries.${number}: vectors made elsewhere are of whole documents: chunk by document.`,
        );
      }
      const spans = chunkText(document.text, part.chunk, countTokens);
      spans.forEach(({ start, end }, passage) => {
        const text = document.text.slice(start, end);
        if (text.length < shortest) return;
        candidates.push({
          key: `${part.kind}/${document.key}/${passage}`,
          kind: part.kind,
          document: document.key,
          source: document.source,
          meta: document.meta,
          text,
          ...(document.vector && { vector: document.vector }),
        });
      });
    }
    if (candidates.length === 0)
      throw new DataError(`queries.${number} (${part.kind}) has no text to ask about.`);
    queries.push(...drawSample(candidates, part.sample, file.seed + number));
  }
  return { queries, skipped };
}

/** Passages shorter than this are left out: the ends of documents, mostly. */
function shortestText(chunk: ChunkOptions): number {
  if (chunk.by === 'document' || chunk.by === 'tokens') return 1;
  return chunk.min ?? Math.min(SHORTEST_PASSAGE, chunk.max ?? SHORTEST_PASSAGE);
}

async function* documentsOfPart(
  study: Study,
  part: QueryPart,
  base: string,
  skipped: Skipped,
): AsyncGenerator<SourceDocument> {
  if ('files' in part) {
    const { sample: _, embeddings, ...source } = part;
    const documents = readDocuments({ ...source, base }, skipped);
    const vectors = embeddings && (await openPrecomputed({ ...embeddings, base }));
    yield* vectors?.attach(documents, () => skipped.records) ?? documents;
    return;
  }
  const corpus = corpusByName(study.db, part.corpus)!;
  yield* documentsOf(study.db, corpus.id, part.split);
}

/** A seeded sample without replacement, kept in the order of the candidates. */
function drawSample(candidates: QueryToEmbed[], size: number | undefined, seed: number): QueryToEmbed[] {
  if (size === undefined || size >= candidates.length) return candidates;
  const order = candidates.map((_, index) => index);
  const drawn = shuffler(randomLcg(seed))(order).slice(0, size);
  return drawn.sort((a, b) => a - b).map((index) => candidates[index]!);
}
