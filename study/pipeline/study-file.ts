import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { ChunkOptions } from '../../indexer/index.js';
import { UsageError } from '../../store/index.js';
import { armList, FINETUNE_SHAPES, paraphraserSettings } from '../interventions/index.js';
import { ALARM } from '../leaks/index.js';
import { densitySettings } from './density-settings.js';
import { embedderSettings } from './embedder-settings.js';
import { isLab, isNgram, NGRAM, runSettings } from './run-settings.js';
import { name, oneOrMore } from './study-names.js';

/** The windows of `chunk: {by: tokens}`. */
const WINDOW_TOKENS = 128;
const WINDOW_OVERLAP = 16;
const share = z.number().min(0).max(1);

const chunk = (by: 'sentences' | 'passages' | 'document') =>
  z
    .strictObject({
      by: z.enum(['sentences', 'passages', 'document', 'tokens']).default(by),
      min: z.number().int().positive().optional(),
      max: z.number().int().positive().optional(),
      tokens: z.number().int().positive().optional(),
      overlap: z.number().int().min(0).optional(),
    })
    .prefault({})
    .transform((given, context): ChunkOptions => {
      const { by: how, min, max, tokens = WINDOW_TOKENS, overlap = WINDOW_OVERLAP } = given;
      const foreign = (how === 'tokens' ? (['min', 'max'] as const) : (['tokens', 'overlap'] as const)).find(
        (key) => given[key] !== undefined,
      );
      if (foreign) {
        context.addIssue({ code: 'custom', message: `does not go with by: ${how}`, path: [foreign] });
        return z.NEVER;
      }
      if (how === 'tokens') return { by: how, tokens, overlap };
      return { by: how, ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    });

const embeddings = z.union([
  z.string().transform((file) => ({ files: [file] })),
  z
    .array(z.string())
    .min(1)
    .transform((files) => ({ files })),
  z.strictObject({
    files: oneOrMore,
    column: z.string().optional(),
    id: z.string().optional(),
    dims: z.number().int().positive().optional(),
  }),
]);

const fields = {
  text: z.string().optional(),
  id: z.string().optional(),
  source: z.string().optional(),
  meta: z.array(z.string()).default([]),
  where: z.string().optional(),
  limit: z.number().int().positive().optional(),
  strict: z.boolean().optional(),
  embeddings: embeddings.optional(),
};

const corpus = z.strictObject({
  files: oneOrMore,
  role: z.enum(['pretrain', 'finetune']).default('pretrain'),
  ...fields,
  sample: z.number().int().positive().optional(),
  chunk: chunk('sentences'),
  hold_out: share.default(0),
  vectors: z.enum(['fp32', 'fp16']).default('fp32'),
  /** The Jaccard index from which documents are near duplicates. */
  near_dedup: z.union([z.literal(true).transform(() => 0.8), z.number().positive().max(1)]).optional(),
});

const queryPart = z.union([
  z.strictObject({
    kind: z.string().min(1),
    corpus: name,
    split: z.enum(['train', 'held-out']),
    chunk: chunk('passages'),
    sample: z.number().int().positive().optional(),
  }),
  z.strictObject({
    kind: z.string().min(1).default('query'),
    files: oneOrMore,
    ...fields,
    chunk: chunk('document'),
    sample: z.number().int().positive().optional(),
  }),
]);

const intervention = z.strictObject({
  run: name,
  kind: z.string(),
  untouched: share.default(0.2),
  arms: armList,
  paraphraser: paraphraserSettings.default('builtin'),
  /** Cosine similarity to the query that a paraphrase must have. */
  band: z.tuple([z.number().min(-1).max(1), z.number().min(-1).max(1)]).default([0.5, 1]),
  /** Of its arms and texts; the study's where it is left out. */
  seed: z.number().int().optional(),
  /** What trains on the leaks and scores the queries; by default the run's own model, of n-grams or the lab's. */
  train: z
    .strictObject({
      command: z.string().min(1),
      shape: z.enum(FINETUNE_SHAPES).default('text'),
      answer: z.string().optional(),
    })
    .optional(),
});

const schema = z.strictObject({
  name: z.string().min(1).default('study'),
  seed: z.number().int().default(1),
  embedder: embedderSettings.default({ kind: 'use-lite' }),
  corpora: z.record(name, corpus).refine((all) => Object.keys(all).length > 0, 'name at least one corpus'),
  queries: z.array(queryPart).min(1),
  density: densitySettings,
  runs: z.record(name, runSettings).default({ ngram: NGRAM }),
  regression: z
    .strictObject({
      /** The run that is explained, or the name of imported ones, whose mean is; by default the first. */
      run: name.optional(),
      folds: z.number().int().min(2).default(10),
      /** Queries of one document, or of one source, are held out together and vary together. */
      group_by: z.enum(['document', 'source']).default('document'),
      /** The covariate of runs that density may work with, its size. */
      across: z.string().optional(),
    })
    .prefault({}),
  /** What density should not explain loss by. */
  negative_controls: z
    .strictObject({
      /** Corpora that have nothing to do with the queries. */
      disjoint: z.array(name).default([]),
      /** Dims of a random projection of all vectors; 0 for none. */
      projection: z.number().int().min(0).max(64).default(8),
    })
    .prefault({}),
  /** A search for queries that the corpora hold, copied or reworded. */
  leaks: z.strictObject({ alarm: z.number().positive().lt(0.5).default(ALARM) }).optional(),
  /** Layouts of the corpora and queries in two dims, for the map. */
  projections: z.array(z.enum(['pca', 'umap'])).default(['pca']),
  interventions: z.record(name, intervention).default({}),
  report: name.default('report'),
});

/** What a study is to do, with every default filled in. */
export type StudyFile = z.infer<typeof schema> & {
  /** The folder that file names in the study file are relative to. */
  base: string;
};
export type CorpusSettings = z.infer<typeof corpus>;
export type QueryPart = z.infer<typeof queryPart>;
export type InterventionSettings = z.infer<typeof intervention>;

/**
 * Reads a study file (YAML) and checks it.
 *
 * @throws UsageError naming the line and the key of everything that is wrong
 */
export function readStudyFile(file: string): StudyFile {
  const document = parse(file);
  const checked = schema.safeParse(document.content.toJS() ?? {});
  if (!checked.success) {
    const problems = checked.error.issues.flatMap((issue) => problemsOf(issue, document));
    throw new UsageError(`${file} is not a study file:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
  const study = { ...checked.data, base: dirname(resolve(file)) };
  checkReferences(study, file);
  return study;
}

interface ParsedYaml {
  content: Document;
  lines: LineCounter;
}

function parse(file: string): ParsedYaml {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  const lines = new LineCounter();
  const content = parseDocument(text, { lineCounter: lines });
  const [first] = content.errors;
  if (first) throw new UsageError(`${file} is not YAML: ${first.message}`);
  return { content, lines };
}

function problemsOf(issue: z.core.$ZodIssue, document: ParsedYaml): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return `line ${lineOf(path, document)}: unknown key "${path.join('.')}"`;
    });
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
    return closest.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, document),
    );
  }
  const value = document.content.getIn(issue.path);
  const quoted = value === undefined || isNode(value) ? '' : ` (it is ${JSON.stringify(value)})`;
  return [
    `line ${lineOf(issue.path, document)}: ${issue.path.join('.') || 'the file'}: ${issue.message}${quoted}`,
  ];
}

/** The line of a key, or of the nearest thing around it that is there. */
function lineOf(path: readonly PropertyKey[], { content, lines }: ParsedYaml): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = content.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function checkReferences(study: StudyFile, file: string): void {
  const known = Object.keys(study.corpora);
  const named = [
    ...study.queries.flatMap((part) => ('corpus' in part ? [part.corpus] : [])),
    ...Object.values(study.runs).flatMap((settings) => ('train' in settings ? (settings.train ?? []) : [])),
    ...study.negative_controls.disjoint,
  ];
  for (const corpusName of named) {
    if (known.includes(corpusName)) continue;
    throw new UsageError(`${file}: there is no corpus "${corpusName}"; there are: ${known.join(', ')}.`);
  }
  const runs = Object.entries(study.runs);
  for (const [intervention, { run: runName, train }] of Object.entries(study.interventions)) {
    const usable = runs
      .filter(
        ([, settings]) =>
          isNgram(settings) || isLab(settings) || (train && !('pattern' in settings && settings.pattern)),
      )
      .map(([run]) => run);
    if (usable.includes(runName)) continue;
    throw new UsageError(
      `${file}: interventions.${intervention}.run: there is no run "${runName}" that ${train ? 'is one run' : 'is trained here (or name a command: train.command)'}; there are: ${usable.join(', ') || 'none'}.`,
    );
  }
  const { run: explained } = study.regression;
  if (explained !== undefined && !(explained in study.runs)) {
    throw new UsageError(
      `${file}: regression.run: there is no run "${explained}"; there are: ${Object.keys(study.runs).join(', ')}.`,
    );
  }
}
