import { mean } from 'd3';
import { minimise } from '../statistics/index.js';
import type { Checkpoint } from './checkpoint.js';

/**
 * A scaling law, log L = log(e^E + e^A·N^−α + e^B·D^−β) + γ·z: N parameters, D tokens, z the density of the texts in standard
 * deviations. Without tokens that differ there is no second term (B, β null), without densities no γ.
 */
export interface PowerLaw {
  E: number;
  A: number;
  alpha: number;
  B: number | null;
  beta: number | null;
  gamma: number | null;
  /** Σ Huber_δ(log L̂ − log L), the sum over checkpoints. */
  objective: number;
  /** Root mean square of log L̂ − log L. */
  error: number;
  checkpoints: number;
}

export interface PowerLawOptions {
  /** Where the Huber loss turns linear, in log L. */
  delta: number;
  /** Only from here; by default from a grid of starts. */
  start?: PowerLaw;
}

/** As published for the Gemstones: exponents, logarithms of the coefficients, and of the irreducible loss. */
const EXPONENTS = [0, 0.5, 1, 1.5, 2];
const COEFFICIENTS = [0, 5, 10, 15, 20, 25];
const IRREDUCIBLE = [-1, -0.5, 0, 0.5, 1];
/** The starts with the lowest objective that are gone on with, after as many steps. */
const FIRST_STEPS = 8;
const KEPT = 40;
const LAST_STEPS = 2000;

/**
 * Fits a scaling law to checkpoints (approach 3 of Hoffmann et al. 2022, arXiv 2203.15556, as in the Gemstones, arXiv 2502.06857): the Huber loss of
 * log L, by L-BFGS from a grid of starts.
 *
 * The objective is divided by n·δ² and logarithms of N and D are centred: as it stands it is so small (10⁻⁴) and so narrow a
 * valley that optimisers take the slope of its floor for a minimum and stop early, at β = .49 rather than .59 on the Gemstones.
 *
 * @throws RangeError for fewer than 8 checkpoints or 3 sizes, or a loss that is not above 0
 */
export function fitPowerLaw(checkpoints: readonly Checkpoint[], { delta, start }: PowerLawOptions): PowerLaw {
  const rows = prepare(checkpoints);
  const of = objectiveOf(rows, delta);
  const scale = rows.n * delta ** 2;
  const starts = start ? [parametersOf(start, rows)] : gridOfStarts(rows);
  const first = starts
    .map((x) =>
      start ? { x: Float64Array.from(x), value: 0 } : minimise(of, x, { iterations: FIRST_STEPS }),
    )
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.value - b.value)
    .slice(0, KEPT);
  const ends = first.map(({ x }) => minimise(of, x, { iterations: LAST_STEPS, tolerance: 1e-8 }));
  const best = ends.reduce((a, b) => (b.value < a.value ? b : a));
  return lawFrom(best.x, best.value * scale, rows);
}

/** What a law says of a model's loss, nats a token. */
export function predictLoss(
  { E, A, alpha, B, beta, gamma }: PowerLaw,
  { params, tokens, density = 0 }: Checkpoint,
): number {
  const ofTokens = B === null || tokens === null ? 0 : Math.exp(B - beta! * Math.log(tokens));
  return (Math.exp(E) + Math.exp(A - alpha * Math.log(params)) + ofTokens) * Math.exp((gamma ?? 0) * density);
}

interface Rows {
  n: number;
  logParams: Float64Array;
  logTokens: Float64Array | null;
  density: Float64Array | null;
  logLoss: Float64Array;
  /** Means that were taken from the logarithms. */
  centres: { params: number; tokens: number };
}

const FEWEST = 8;
const FEWEST_SIZES = 3;

function prepare(checkpoints: readonly Checkpoint[]): Rows {
  const sizes = new Set(checkpoints.map(({ params }) => params)).size;
  if (checkpoints.length < FEWEST || sizes < FEWEST_SIZES) {
    throw new RangeError(
      `A scaling law needs at least ${FEWEST} checkpoints of ${FEWEST_SIZES} sizes; there are ${checkpoints.length} of ${sizes}.`,
    );
  }
  const wrong = checkpoints.find(
    ({ loss, params, tokens }) => !(loss > 0 && params > 0 && (tokens === null || tokens > 0)),
  );
  if (wrong) {
    throw new RangeError(
      `Run "${wrong.run}" has loss ${wrong.loss}, ${wrong.params} parameters and ${wrong.tokens} tokens: all must be above 0.`,
    );
  }
  const column = (of: (one: Checkpoint) => number) => Float64Array.from(checkpoints, of);
  const tokensDiffer =
    checkpoints.every(({ tokens }) => tokens !== null) &&
    new Set(checkpoints.map(({ tokens }) => tokens)).size > 1;
  const logParams = column(({ params }) => Math.log(params));
  const logTokens = tokensDiffer ? column(({ tokens }) => Math.log(tokens!)) : null;
  const centres = { params: mean(logParams)!, tokens: logTokens ? mean(logTokens)! : 0 };
  return {
    n: checkpoints.length,
    logParams: logParams.map((value) => value - centres.params),
    logTokens: logTokens ? logTokens.map((value) => value - centres.tokens) : null,
    density: checkpoints.every(({ density }) => density !== undefined)
      ? column(({ density }) => density!)
      : null,
    logLoss: column(({ loss }) => Math.log(loss)),
    centres,
  };
}

// Parameters in the order [E, A + …, α, B + …, β, γ], those that are there: A and B at the centre of the logarithms.

function objectiveOf({ n, logParams, logTokens, density, logLoss }: Rows, delta: number) {
  const scale = 1 / (n * delta ** 2);
  const hasTokens = logTokens !== null;
  const last = hasTokens ? 5 : 3;
  return (x: Float64Array, gradient: Float64Array): number => {
    const [E, A, alpha] = [x[0]!, x[1]!, x[2]!];
    const [B, beta] = hasTokens ? [x[3]!, x[4]!] : [Number.NEGATIVE_INFINITY, 0];
    let total = 0;
    gradient.fill(0);
    for (let i = 0; i < n; i++) {
      const tokens = hasTokens ? logTokens[i]! : 0;
      const z = density ? density[i]! : 0;
      const [a, b] = [A - alpha * logParams[i]!, B - beta * tokens];
      const most = Math.max(E, a, b);
      const [p, q, r] = [Math.exp(E - most), Math.exp(a - most), Math.exp(b - most)];
      const sum = p + q + r;
      const residual = most + Math.log(sum) + (density ? x[last]! * z : 0) - logLoss[i]!;
      const { loss, slope } = huber(residual, delta);
      total += loss;
      const partials = [p / sum, q / sum, (-q / sum) * logParams[i]!];
      if (hasTokens) partials.push(r / sum, (-r / sum) * tokens);
      if (density) partials.push(z);
      for (let j = 0; j < partials.length; j++) gradient[j]! += slope * partials[j]!;
    }
    for (let j = 0; j < gradient.length; j++) gradient[j]! *= scale;
    return total * scale;
  };
}

/** Huber's loss of a residual, and its derivative. */
function huber(residual: number, delta: number): { loss: number; slope: number } {
  const size = Math.abs(residual);
  return size <= delta
    ? { loss: residual ** 2 / 2, slope: residual }
    : { loss: delta * (size - delta / 2), slope: delta * Math.sign(residual) };
}

function gridOfStarts(rows: Rows): number[][] {
  const first = IRREDUCIBLE.flatMap((E) =>
    COEFFICIENTS.flatMap((A) => EXPONENTS.map((alpha) => [E, A - alpha * rows.centres.params, alpha])),
  );
  const second = rows.logTokens
    ? COEFFICIENTS.flatMap((B) => EXPONENTS.map((beta) => [B - beta * rows.centres.tokens, beta]))
    : [[]];
  const third = rows.density ? [0] : [];
  return first.flatMap((head) => second.map((tail) => [...head, ...tail, ...third]));
}

function parametersOf({ E, A, alpha, B, beta, gamma }: PowerLaw, rows: Rows): number[] {
  return [
    ...[E, A - alpha * rows.centres.params, alpha],
    ...(rows.logTokens ? [(B ?? 0) - (beta ?? 0) * rows.centres.tokens, beta ?? 0] : []),
    ...(rows.density ? [gamma ?? 0] : []),
  ];
}

function lawFrom(x: Float64Array, objective: number, rows: Rows): PowerLaw {
  const { logParams, logTokens, density, logLoss, centres, n } = rows;
  const last = logTokens ? 5 : 3;
  const law = {
    ...{ E: x[0]!, A: x[1]! + x[2]! * centres.params, alpha: x[2]! },
    B: logTokens ? x[3]! + x[4]! * centres.tokens : null,
    beta: logTokens ? x[4]! : null,
    gamma: density ? x[last]! : null,
    ...{ objective, error: 0, checkpoints: n },
  };
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const params = Math.exp(logParams[i]! + centres.params);
    const tokens = logTokens ? Math.exp(logTokens[i]! + centres.tokens) : null;
    const predicted = predictLoss(law, {
      run: '',
      params,
      tokens,
      loss: 1,
      density: density?.[i] ?? 0,
      covariates: {},
    });
    squares += (Math.log(predicted) - logLoss[i]!) ** 2;
  }
  return { ...law, error: Math.sqrt(squares / n) };
}
