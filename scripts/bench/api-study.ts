import { linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openUseLite } from '../../indexer/index.js';
import {
  addDocuments,
  ensureCorpus,
  openStudy,
  openVectorWriter,
  recordVectorFiles,
  replaceQuerySet,
  writeQueryVectors,
} from '../../store/index.js';
import type { RealEmbeddings } from './real-embeddings.js';

const CHUNKS_A_DOCUMENT = 250;
const SOURCES = 43;
const LINE = 'A sentence of the text. ';

/** Makes a study directory whose corpus `texts` has points that are on disk already, and whose query set `queries` asks about them. */
export async function makeApiStudy(dir: string, real: RealEmbeddings): Promise<void> {
  const embedder = await openUseLite();
  const { name, fingerprint, dims, choice } = embedder;
  const study = openStudy(dir, { write: true });
  try {
    const by = { embedder: name, fingerprint, dims };
    const corpus = ensureCorpus(study.db, { name: 'texts', role: 'pretrain', ...by, embedderChoice: choice });
    const folder = study.vectorFolder('corpus', corpus.folder);
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(real.folder).filter((one) => one.endsWith('.faiss'))) {
      linkSync(join(real.folder, file), join(folder, file));
    }
    const writer = openVectorWriter(folder, { dims, keepRows: real.rows });
    recordVectorFiles(study.db, corpus.folder, writer.commit());
    writer.close();
    const text = LINE.repeat(CHUNKS_A_DOCUMENT);
    const spans = Array.from({ length: CHUNKS_A_DOCUMENT }, (_, i) => ({
      start: i * LINE.length,
      end: (i + 1) * LINE.length,
    }));
    const documents = Math.ceil(real.rows / CHUNKS_A_DOCUMENT);
    for (let d = 0; d < documents; d++) {
      const rows = Math.min(CHUNKS_A_DOCUMENT, real.rows - d * CHUNKS_A_DOCUMENT);
      addDocuments(study.db, corpus.id, d * CHUNKS_A_DOCUMENT, [
        {
          key: `${d}`,
          source: `${d % SOURCES}`,
          split: 'train',
          meta: {},
          text,
          spans: spans.slice(0, rows),
        },
      ]);
    }
    const count = real.queries.length / dims;
    replaceQuerySet(
      study.db,
      { name: 'queries', ...by },
      Array.from({ length: count }, (_, q) => ({
        ...{ key: `${q}`, kind: 'query', document: `${q}`, source: 'query', text: `Query ${q}` },
      })),
    );
    writeQueryVectors(study, 'queries', real.queries, dims);
  } finally {
    study.close();
    await embedder.close();
  }
}
