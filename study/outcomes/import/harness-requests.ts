import type { LabelledRecord } from '../../../indexer/index.js';
import { DataError } from '../../../store/index.js';
import { numberFrom } from './columns.js';

/** One request of a sample whose answer is a log likelihood. */
export interface LikelihoodRequest {
  context: string;
  /** The continuation, or in rolling tasks the text. */
  scored: string;
  /** Nats, a sum over the tokens of `scored`. */
  logLikelihood: number;
}

/**
 * The requests of a sample with their log likelihoods; undefined where the task generates text.
 *
 * Versions write `arguments` as lists or as `gen_args_0: {arg_0, arg_1}`, and numbers as such or as text.
 *
 * @throws DataError where there are more or fewer responses than requests
 */
export function requestsOf({ at, fields }: LabelledRecord): LikelihoodRequest[] | undefined {
  const asked = listOf(fields.arguments).map(listOf);
  const answers = listOf(fields.filtered_resps ?? fields.resps);
  // Where text is generated, the second argument is how.
  if (asked.length === 0 || asked.some(([, second]) => typeof second === 'object')) return undefined;
  if (asked.length !== answers.length) {
    throw new DataError(`${at}: ${answers.length} responses to ${asked.length} requests.`);
  }
  return asked.map(([first, second], i) => {
    const logLikelihood = firstNumber(answers[i]);
    if (logLikelihood === undefined) {
      throw new DataError(`${at}: response ${i} is ${JSON.stringify(answers[i])}, no log likelihood.`);
    }
    const [context, scored] = second === undefined ? ['', first] : [first, second];
    return { context: String(context), scored: String(scored), logLikelihood };
  });
}

/**
 * The request of the right answer: the only one; or the one that `target` names by number or by text, the one in accord
 * with `acc` where it could be either. Undefined where that cannot be told, as with more than one right answer.
 */
export function targetOf(
  { fields }: LabelledRecord,
  requests: readonly LikelihoodRequest[],
): LikelihoodRequest | undefined {
  if (requests.length === 1) return requests[0];
  const { target } = fields;
  if (typeof target !== 'string' && typeof target !== 'number') return undefined;
  const text = String(target).trim();
  const byText = requests.findIndex(({ scored }) => scored.trim() === text);
  const byNumber = /^\d+$/.test(text) && Number(text) < requests.length ? Number(text) : -1;
  const possible = new Set([byText, byNumber].filter((index) => index >= 0));
  if (possible.size > 1 && (fields.acc === 0 || fields.acc === 1)) {
    const likeliest = requests.reduce(
      (best, { logLikelihood }, i) => (logLikelihood > requests[best]!.logLikelihood ? i : best),
      0,
    );
    for (const index of possible) if ((index === likeliest) !== (fields.acc === 1)) possible.delete(index);
  }
  return possible.size === 1 ? requests[[...possible][0]!] : undefined;
}

/** The items of a list, or of an object that stands for one. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** The number, or the first one of a list in a list. */
function firstNumber(value: unknown): number | undefined {
  return Array.isArray(value) ? firstNumber(value[0]) : numberFrom(value);
}
