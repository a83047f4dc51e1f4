import {
  beginTraining,
  drawWeights,
  modelConfigSchema,
  openTrainingStep,
  parameterCount,
} from '../../lab/index.js';
import { float32Tensor, Graph, openSession } from '../../onnx/index.js';
import { type BenchRow, summarise } from './row.js';

const GEMM = 1040;
const BATCH = 32;
const REPEATS = 5;
const STEPS = 4;

/** A whole training step, by turns with one large Gemm of the same machine. */
export async function benchLab(): Promise<BenchRow[]> {
  const config = modelConfigSchema.parse({ vocabulary: 4096 });
  const { vocabulary, context, width, layers } = config;
  const rows = BATCH * context;
  const step = await openTrainingStep(config, { batch: BATCH, clip: 1 });
  const state = beginTraining(config, drawWeights(config, 1));
  const ids = Int32Array.from({ length: rows }, (_, i) => (i * 7919) % vocabulary);
  const targets = Int32Array.from({ length: rows }, (_, i) => ((i + 1) * 7919) % vocabulary);
  const batch = { ids, targets, weights: new Float32Array(rows).fill(1 / rows) };
  const gemm = await openGemm();
  const times = { step: [] as number[], gemm: [] as number[] };
  // The first runs allocate.
  for (let r = -1; r < REPEATS; r++) {
    const stepTime = await timed(STEPS, () => step.run(state, batch, { learningRate: 1e-3, decay: 0.1 }));
    const gemmTime = await timed(20, gemm);
    if (r < 0) continue;
    times.step.push(stepTime);
    times.gemm.push(gemmTime);
  }
  await step.close();
  // Three products as large as the forward pass's: itself, and the gradients of both its factors.
  const linears = 12 * width * width * layers;
  const forward = 2 * (linears + vocabulary * width + 2 * context * width * layers);
  const speed = (time: number) => (3 * forward * rows) / time / 1e9;
  const gemmSpeed = (2 * GEMM ** 3) / summarise(times.gemm).median / 1e9;
  const { median, range } = summarise(times.step);
  const ratio = speed(median) / gemmSpeed;
  const note = `${(parameterCount(config) / 1e6).toFixed(2)}M parameters, ${rows} tokens a step, peak ${(process.resourceUsage().maxRSS / 1e6).toFixed(2)} GB`;
  return [
    {
      ...{
        name: 'lab_step_vs_gemm',
        value: speed(median),
        unit: 'GFLOP/s',
        range: [speed(range[1]), speed(range[0])],
      },
      ...{ against: `Gemm of ${GEMM}³, transposed, ${gemmSpeed.toFixed(0)} GFLOP/s`, ratio },
      ...{ goal: '>= 0.6x', met: ratio >= 0.6, note },
    },
    {
      ...{
        name: 'lab_tokens_per_s',
        value: rows / median,
        unit: 'tokens/s',
        range: [rows / range[1], rows / range[0]],
      },
      ...{
        against: 'none: no trainer of language models in JavaScript is kept',
        ratio: null,
        goal: 'none',
        met: null,
        note,
      },
    },
  ];
}

async function openGemm(): Promise<() => Promise<unknown>> {
  const graph = new Graph('gemm');
  const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [GEMM, GEMM]));
  graph.output('c', graph.op('Gemm', [a!, b!], { transB: 1 }), 'float32', [GEMM, GEMM]);
  const session = await openSession(graph.serialize());
  const matrix = () =>
    float32Tensor(
      Float32Array.from({ length: GEMM * GEMM }, (_, i) => (i % 17) / 17),
      [GEMM, GEMM],
    );
  const feeds = { a: matrix(), b: matrix() };
  const c = matrix();
  return () => session.run(feeds, { c });
}

/** Seconds of one of so many runs. */
async function timed(runs: number, run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let r = 0; r < runs; r++) await run();
  return (performance.now() - start) / 1000 / runs;
}
