import { Graph, type Value } from '../../onnx/index.js';
import type { UseLiteModel } from './use-lite-weights.js';

/** Tokens that the encoder looks at. */
export const MAX_TOKENS = 128;
/** Size of the vectors. */
export const DIMS = 512;

const HEADS = 4;
const EMBEDDING_DIMS = 256;
const EPSILON = 1e-6;

/** The width of a layer's attention, and of its output. */
interface Layer {
  number: number;
  dims: number;
}

/**
 * The Universal Sentence Encoder (lite; Cer et al. 2018) as an ONNX graph: two transformer layers over SentencePiece
 * embeddings, the mean over the tokens, a tanh layer and normalisation.
 *
 * What is linear is done where it costs least: the last layer's second matrix behind the mean, a sixth of all the
 * work saved; the first residual's matrix in the embedding table, which ONNX Runtime multiplies when the session opens.
 *
 * Input `ids` int32 (texts, tokens): texts of equal length, so nothing is padded or masked.
 * Output `vectors` float32 (texts, 512): unit rows.
 */
export function useLiteGraph(model: UseLiteModel): Uint8Array {
  const graph = new Graph('use-lite');
  const ids = graph.input('ids', 'int32', ['texts', 'tokens']);
  const weight = (suffix: string) => {
    const { data, shape } = model.weight(suffix);
    // The 1×1 convolutions of the qkv and output transforms are matrices.
    return graph.constant(data, shape.length === 4 ? shape.slice(2) : shape);
  };
  const dense = (x: Value, kernel: string, bias: string) =>
    graph.op('Add', [graph.op('MatMul', [x, weight(kernel)]), weight(bias)]);

  const tokens = graph.op('Slice', [graph.op('Shape', [ids]), graph.ints(1), graph.ints(2)]);
  // The timing signal is added to a copy of the embeddings, which is added to the embeddings again.
  const table = graph.op('Mul', [weight('Embeddings_en'), graph.scalar(2)]);
  const signal = graph.constant(timingSignal(model), [MAX_TOKENS, EMBEDDING_DIMS]);
  const kernel = weight('Layer_0/TransformerLayer/dense/kernel/ConcatPartitions/concat');
  const bias = weight('Layer_0/TransformerLayer/dense/bias/ConcatPartitions/concat');
  const input = embed(table, signal); // (texts, tokens, 256)
  const residual = embed(
    graph.op('MatMul', [table, kernel]),
    graph.op('Add', [graph.op('MatMul', [signal, kernel]), bias]),
  ); // (texts, tokens, 512)

  const attended = attend({ number: 0, dims: EMBEDDING_DIMS }, input, residual);
  const first = graph.op('Add', [narrow(0, widen(0, attended)), attended]);
  const last = attend({ number: 1, dims: DIMS }, first, first);
  const mean = graph.op('Add', [narrow(1, meanOf(widen(1, last))), meanOf(last)]); // (texts, 512)

  const hidden = graph.op('Tanh', [
    dense(mean, 'hidden_layers/tanh_layer_0/weights', 'hidden_layers/tanh_layer_0/bias'),
  ]);
  const norm = graph.op('ReduceL2', [hidden, graph.ints(1)], { keepdims: 1 });
  graph.output('vectors', graph.op('Div', [hidden, norm]), 'float32', ['texts', DIMS]);
  return graph.serialize();

  function normalise(x: Value, layer: string): Value {
    const scale = weight(`${layer}layer_prepostprocess/layer_norm/layer_norm_scale/ConcatPartitions/concat`);
    const bias = weight(`${layer}layer_prepostprocess/layer_norm/layer_norm_bias/ConcatPartitions/concat`);
    return graph.op('LayerNormalization', [x, scale, bias], { axis: -1, epsilon: { float: EPSILON } });
  }

  function attend({ number, dims }: Layer, x: Value, residualInput: Value): Value {
    const layer = `Encode/Layer_${number}/TransformerLayer/`;
    const attention = `${layer}MultiheadAttention/`;
    const qkv = dense(
      normalise(x, layer),
      `${attention}qkv_transform_single/kernel/part_0`,
      `${attention}qkv_transform_single/bias/ConcatPartitions/concat`,
    );
    const sizes = graph.ints(dims, dims, dims);
    const [query, key, value] = graph.ops('Split', [qkv, sizes], 3, { axis: -1 });
    const attended = graph.op(
      'MultiHeadAttention',
      [query!, key!, value!],
      { num_heads: HEADS, scale: { float: 1 / Math.sqrt(dims / HEADS) } },
      'com.microsoft',
    );
    const output = dense(
      attended,
      `${attention}output_transform_single/kernel/part_0`,
      `${attention}output_transform_single/bias/ConcatPartitions/concat`,
    );
    return graph.op('Add', [output, residualInput]);
  }

  /** The wide half of a feed-forward layer: (…, 512) to (…, 1536). */
  function widen(number: number, x: Value): Value {
    const layer = `Layer_${number}/TransformerLayer/FFN/`;
    return graph.op('Relu', [
      dense(
        normalise(x, `Encode/${layer}`),
        `TransformerStack/${layer}conv1/Tensordot/Reshape_1`,
        `Encode/${layer}conv1/bias/ConcatPartitions/concat`,
      ),
    ]);
  }

  /** The other half, which is linear: (…, 1536) to (…, 512). */
  function narrow(number: number, x: Value): Value {
    const layer = `Layer_${number}/TransformerLayer/FFN/`;
    return dense(
      x,
      `TransformerStack/${layer}conv2/Tensordot/Reshape_1`,
      `Encode/${layer}conv2/bias/ConcatPartitions/concat`,
    );
  }

  function embed(rows: Value, timing: Value): Value {
    const positions = graph.op('Slice', [timing, graph.ints(0), tokens, graph.ints(0)]);
    return graph.op('Add', [graph.op('Gather', [rows, ids]), positions]);
  }

  function meanOf(x: Value): Value {
    return graph.op('ReduceMean', [x, graph.ints(1)], { keepdims: 0 });
  }
}

/** sin and cos of position × inverse timescale, (128, 256) row-major (Vaswani et al. 2017, 3.5). */
function timingSignal(model: UseLiteModel): Float32Array {
  const inverseTimescales = model.weight('AddTimingSignal/TimingSignal/ExpandDims_1').data;
  const half = inverseTimescales.length;
  const signal = new Float32Array(MAX_TOKENS * EMBEDDING_DIMS);
  for (let position = 0; position < MAX_TOKENS; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * inverseTimescales[i]!;
      signal[position * EMBEDDING_DIMS + i] = Math.sin(angle);
      signal[position * EMBEDDING_DIMS + half + i] = Math.cos(angle);
    }
  }
  return signal;
}
