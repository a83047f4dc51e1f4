import { DataError } from '../../../store/index.js';

/** Nats a token. A model that guesses among 250,000 tokens loses 12.4; above 25 something is not what it is called. */
export const MOST_NATS = 25;

/**
 * Refuses what no model can have scored.
 *
 * @param at the file and row, for the message
 * @throws DataError for a value that is not finite, a negative loss, one above 25 nats a token (or a byte, of which
 *   there are at least as many), counts that are no counts, and a `correct` that is neither 0 nor 1
 */
export function requirePlausible(at: string, metrics: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) throw new DataError(`${at}: ${name} is ${value}, not a finite number.`);
  }
  const { nll, loss, tokens, bytes, correct } = metrics;
  for (const [name, count] of Object.entries({ tokens, bytes })) {
    if (count !== undefined && !(Number.isInteger(count) && count > 0))
      throw new DataError(`${at}: ${name} is ${count}; it is a count, of at least 1.`);
  }
  if (correct !== undefined && correct !== 0 && correct !== 1)
    throw new DataError(
      `${at}: correct is ${correct}; it is 0 or 1. Take other scores as --metric name=column.`,
    );
  if (loss !== undefined) requireLoss(at, 'loss', loss, 'a token');
  if (nll === undefined) return;
  if (nll < 0) requireLoss(at, 'nll', nll, '');
  if (tokens !== undefined) requireLoss(at, 'nll / tokens', nll / tokens, 'a token');
  else if (bytes !== undefined) requireLoss(at, 'nll / bytes', nll / bytes, 'a byte');
}

function requireLoss(at: string, name: string, value: number, unit: string): void {
  if (value >= 0 && value <= MOST_NATS) return;
  const why =
    value < 0
      ? 'a negative log likelihood is at least 0; is it a log likelihood?'
      : `more than ${MOST_NATS} nats ${unit} is no loss of a language model; is it a sum, or in other units?`;
  throw new DataError(`${at}: ${name} is ${value}: ${why}`);
}
