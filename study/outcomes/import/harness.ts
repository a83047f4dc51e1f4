import type { LabelledRecord } from '../../../indexer/index.js';
import { numberFrom } from './columns.js';
import { type LikelihoodRequest, requestsOf, targetOf } from './harness-requests.js';

/** What one line of `samples_*.jsonl` says of one query. */
export interface HarnessSample {
  /** SHA-256 of the document, as the harness makes it. */
  hash?: string | undefined;
  /** What the document may be called. */
  ids: string[];
  /** What its text may be. */
  texts: string[];
  /** The answer filter that the metrics are behind; "none" in most tasks. */
  filter: string;
  metrics: Record<string, number>;
}

/**
 * Fields that hold a log likelihood, or one with a count, under the name of what the harness aggregates it to. They are
 * not read as what they are called.
 */
const MISNAMED = new Set([
  'perplexity',
  'word_perplexity',
  'byte_perplexity',
  'bits_per_byte',
  'likelihood_diff',
]);
const NO_METRICS = new Set(['doc_id', 'target']);
/** Metrics that say whether an answer is right, the first that is there. */
const RIGHT = ['acc', 'exact_match', 'em'];
const ID = /^_?(id|idx|ind|index|key|uuid|qid|question_id|query_id|doc_id)$/i;

/** Whether a record is a sample that lm-evaluation-harness logged, of any version. */
export function isHarnessSample({ fields }: LabelledRecord): boolean {
  return 'doc' in fields && 'doc_id' in fields && ('resps' in fields || 'filtered_resps' in fields);
}

/**
 * Reads a sample of lm-evaluation-harness (`--log_samples`), of version 0.4.0 and later.
 *
 * `nll` is that of the right continuation (multiple choice), of the one continuation (loglikelihood tasks), or of the
 * whole text (rolling tasks), taken from the log likelihoods of the responses; `bytes` those of the same in UTF-8. A
 * task that generates has none. Every other number the sample holds is kept under its name, `acc` as `correct`.
 */
export function sampleFrom(record: LabelledRecord): HarnessSample {
  const { fields } = record;
  const requests = requestsOf(record);
  const target = requests && targetOf(record, requests);
  const { doc, doc_hash: hash, filter = 'none' } = fields;
  return {
    hash: typeof hash === 'string' ? hash : undefined,
    ids: idsIn(doc),
    texts: textsOf(doc, requests?.[0], target),
    filter: String(filter),
    metrics: { ...metricsOf(fields), ...(target && likelihoodOf(target, fields)) },
  };
}

function likelihoodOf({ logLikelihood, scored }: LikelihoodRequest, fields: Record<string, unknown>) {
  // Rolling tasks count the bytes of the text as the task has it, before any prompt of ours.
  const counted = fields.byte_perplexity ?? fields.bits_per_byte;
  const bytes = Array.isArray(counted) ? numberFrom(counted[1]) : undefined;
  // −0 is written as 0.
  return { nll: 0 - logLikelihood, bytes: bytes ?? Buffer.byteLength(scored) };
}

function metricsOf(fields: Record<string, unknown>): Record<string, number> {
  const metrics: [string, number][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const number = typeof value === 'string' ? undefined : numberFrom(value);
    if (number !== undefined && !MISNAMED.has(name) && !NO_METRICS.has(name)) metrics.push([name, number]);
  }
  const right = RIGHT.find((name) =>
    metrics.some(([metric, value]) => metric === name && (value === 0 || value === 1)),
  );
  return Object.fromEntries(metrics.map(([name, value]) => [name === right ? 'correct' : name, value]));
}

function idsIn(doc: unknown): string[] {
  if (typeof doc !== 'object' || doc === null) return [];
  return Object.entries(doc).flatMap(([name, value]) =>
    ID.test(name) && (typeof value === 'string' || typeof value === 'number') ? [String(value)] : [],
  );
}

function textsOf(
  doc: unknown,
  first: LikelihoodRequest | undefined,
  target: LikelihoodRequest | undefined,
): string[] {
  const inDoc = typeof doc === 'string' ? [doc] : Object.values(doc ?? {});
  const asked = first ? [first.context, target && target.context + target.scored] : [];
  return [...inDoc, ...asked].filter((text) => typeof text === 'string' && text.trim() !== '') as string[];
}
