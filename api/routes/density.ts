import type { Response } from 'express';
import type { z } from 'zod';
import { chooseEstimator } from '../../density/index.js';
import { DataError, UsageError } from '../../store/index.js';
import { type Endpoint, type Exchange, endpoint } from '../endpoint.js';
import { type Asked1, type Engine, type EngineAnswer, type Question, QueueFull } from '../engine/index.js';
import { badValue, Problem } from '../problem.js';
import {
  askedDensitySchema,
  type DensityAnswer,
  densityAnswerSchema,
  densityRequestSchema,
  neighboursAnswerSchema,
  neighboursRequestSchema,
} from '../schemas/density.js';

/** Queries of one caller that are asked about together; others have their turn in between. */
const SLICE = 64;
const NDJSON = 'application/x-ndjson';

/** POST /density and POST /neighbours: how much support the training data gives to texts or vectors. */
export function densityEndpoints(engine: Engine): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/density',
      operation: 'askDensity',
      summary: 'The density of the training data at texts or vectors, and what it rests on.',
      body: densityRequestSchema,
      answer: {
        content: {
          'application/json': { schema: densityAnswerSchema },
          [NDJSON]: { schema: askedDensitySchema },
        },
      },
      problems: [406],
      handle: async ({ body }, exchange) => {
        const asked = askedOf(body);
        const question = questionOf(body);
        if (exchange.request.accepts(['application/json', NDJSON]) === NDJSON) {
          return streamed(engine, asked, question, exchange);
        }
        const start = performance.now();
        const answers: EngineAnswer[] = [];
        for await (const slice of slices(engine, asked, question, exchange.signal)) answers.push(...slice);
        return {
          ...answers[0]!.settings,
          milliseconds: performance.now() - start,
          densities: answers.map(viewOf),
        } satisfies DensityAnswer;
      },
    }),
    endpoint({
      method: 'post',
      path: '/neighbours',
      operation: 'askNeighbours',
      summary: 'The training texts nearest to texts or vectors.',
      body: neighboursRequestSchema,
      answer: neighboursAnswerSchema,
      handle: async ({ body }, { signal }) => {
        const start = performance.now();
        const question = questionOf({ ...body, documents: 0, curve: [], attribution: true });
        const answers: EngineAnswer[] = [];
        for await (const slice of slices(engine, askedOf(body), question, signal)) answers.push(...slice);
        return {
          ...answers[0]!.settings,
          milliseconds: performance.now() - start,
          queries: answers.map(({ density: { text, neighbours } }) => ({ text, neighbours })),
        };
      },
    }),
  ];
}

type DensityBody = z.output<typeof densityRequestSchema>;

function questionOf({
  corpora,
  kernel,
  bandwidth,
  estimator: name,
  relativeError,
  budget,
  seed,
  neighbours,
  documents,
  curve,
  attribution,
  projection,
}: Omit<DensityBody, 'texts' | 'vectors'>): Question {
  return {
    ...{ corpora, kernel, bandwidth, seed, neighbours, documents, curve, attribution, projection },
    estimator: answerable(() => chooseEstimator(name, { relativeError, budget })),
  };
}

/** The queries of a body; vectors at length 1. */
function askedOf({ texts, vectors = [] }: Pick<DensityBody, 'texts' | 'vectors'>): Asked1[] {
  if (texts) return texts;
  return vectors.map((vector, i) => {
    if (vector.length !== vectors[0]!.length) {
      throw badValue(`vectors.${i}`, `${vector.length} numbers`, `the first has ${vectors[0]!.length}.`);
    }
    const length = Math.hypot(...vector);
    if (!(length > 0 && Number.isFinite(length))) {
      throw badValue(`vectors.${i}`, `of length ${length}`, 'a vector has a direction.');
    }
    return Float32Array.from(vector, (x) => x / length);
  });
}

/** The answers in order, some queries at a time. */
async function* slices(
  engine: Engine,
  asked: readonly Asked1[],
  question: Question,
  signal: AbortSignal,
): AsyncGenerator<EngineAnswer[]> {
  for (let from = 0; from < asked.length; from += SLICE) {
    try {
      yield await engine.ask(asked.slice(from, from + SLICE), question, signal);
    } catch (error) {
      throw asProblem(error);
    }
  }
}

function answerable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asProblem(error);
  }
}

function asProblem(error: unknown): unknown {
  if (error instanceof QueueFull) {
    return new Problem('busy', 503, `${error.message} Try again in a second.`, {}, { 'Retry-After': '1' });
  }
  if (error instanceof UsageError || error instanceof DataError) {
    return new Problem('cannot-answer', 422, error.message);
  }
  return error;
}

/** A line for every query as it is known; an error behind the first line is the last line, with the problem in it. */
async function streamed(
  engine: Engine,
  asked: readonly Asked1[],
  question: Question,
  { response, signal }: Exchange,
): Promise<undefined> {
  const lines = slices(engine, asked, question, signal);
  // What is wrong with the question as a whole is known with the first slice, before anything is sent.
  let next = await lines.next();
  response.type(NDJSON);
  while (!next.done) {
    const { settings } = next.value[0]!;
    await written(
      response,
      next.value.map((one) => `${JSON.stringify({ ...settings, ...viewOf(one) })}\n`).join(''),
    );
    if (signal.aborted) break;
    try {
      next = await lines.next();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      response.write(`${JSON.stringify({ problem: error.view })}\n`);
      break;
    }
  }
  response.end();
  return undefined;
}

/** Writes, and waits where the client reads more slowly. */
async function written(response: Response, text: string): Promise<void> {
  if (response.write(text)) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      response.off('drain', goOn).off('close', goOn);
      resolve();
    };
    response.once('drain', goOn).once('close', goOn);
  });
}

function viewOf({ density: { percentile, ...density } }: EngineAnswer): DensityAnswer['densities'][number] {
  return { ...density, percentile: percentile ?? null };
}
