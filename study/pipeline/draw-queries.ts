import { randomLcg, shuffler } from 'd3';
import { chunkText, readDocuments, Skipped, type SourceDocument } from '../../indexer/index.js';
import { corpusByName, DataError, documentsOf, type NewQuery, type Study } from '../../store/index.js';
import type { QueryPart, StudyFile } from './study-file.js';

/** The queries drawn for a study, and what was left out. */
export interface DrawnQueries {
  queries: NewQuery[];
  skipped: Skipped;
}

/**
 * Cuts the texts of every part of a query set into passages and draws its sample.
 *
 * @throws DataError where a part has no text
 */
export async function drawQueries(study: Study, file: StudyFile): Promise<DrawnQueries> {
  const skipped = new Skipped();
  const queries: NewQuery[] = [];
  for (const [number, part] of file.queries.entries()) {
    const candidates: NewQuery[] = [];
    for await (const document of documentsOfPart(study, part, file.base, skipped)) {
      const spans = chunkText(document.text, part.chunk);
      spans.forEach(({ start, end }, passage) => {
        const text = document.text.slice(start, end);
        if (part.chunk.by !== 'document' && text.length < part.chunk.min) return;
        candidates.push({
          key: `${part.kind}/${document.key}/${passage}`,
          kind: part.kind,
          document: document.key,
          source: document.source,
          text,
        });
      });
    }
    if (candidates.length === 0)
      throw new DataError(`queries.${number} (${part.kind}) has no text to ask about.`);
    queries.push(...drawSample(candidates, part.sample, file.seed + number));
  }
  return { queries, skipped };
}

async function* documentsOfPart(
  study: Study,
  part: QueryPart,
  base: string,
  skipped: Skipped,
): AsyncGenerator<SourceDocument> {
  if ('files' in part) {
    const { files, text, id, source } = part;
    yield* readDocuments({ files, text, id, source, base }, skipped);
    return;
  }
  const corpus = corpusByName(study.db, part.corpus)!;
  yield* documentsOf(study.db, corpus.id, part.split);
}

/** A seeded sample without replacement, kept in the order of the candidates. */
function drawSample(candidates: NewQuery[], size: number | undefined, seed: number): NewQuery[] {
  if (size === undefined || size >= candidates.length) return candidates;
  const order = candidates.map((_, index) => index);
  const drawn = shuffler(randomLcg(seed))(order).slice(0, size);
  return drawn.sort((a, b) => a - b).map((index) => candidates[index]!);
}
