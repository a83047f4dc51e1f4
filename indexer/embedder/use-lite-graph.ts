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

  const embedded = graph.op('Gather', [weight('Embeddings_en'), ids]); // (texts, tokens, 256)
  const tokens = graph.op('Slice', [graph.op('Shape', [ids]), graph.ints(1), graph.ints(2)]);
  const signal = graph.constant(timingSignal(model), [MAX_TOKENS, EMBEDDING_DIMS]);
  const timing = graph.op('Slice', [signal, graph.ints(0), tokens, graph.ints(0)]); // (tokens, 256)
  // The timing signal is added to a copy of the embeddings, which is added to the embeddings again.
  const input = graph.op('Add', [graph.op('Mul', [embedded, graph.scalar(2)]), timing]);

  const residual = dense(
    input,
    'Layer_0/TransformerLayer/dense/kernel/ConcatPartitions/concat',
    'Layer_0/TransformerLayer/dense/bias/ConcatPartitions/concat',
  );
  const first = feedForward(
    { number: 0, dims: DIMS },
    attend({ number: 0, dims: EMBEDDING_DIMS }, input, residual),
  );
  const second = feedForward({ number: 1, dims: DIMS }, attend({ number: 1, dims: DIMS }, first, first));

  const mean = graph.op('ReduceMean', [second, graph.ints(1)], { keepdims: 0 }); // (texts, 512)
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

  function feedForward({ number }: Layer, x: Value): Value {
    const layer = `Layer_${number}/TransformerLayer/FFN/`;
    const inner = graph.op('Relu', [
      dense(
        normalise(x, `Encode/${layer}`),
        `TransformerStack/${layer}conv1/Tensordot/Reshape_1`,
        `Encode/${layer}conv1/bias/ConcatPartitions/concat`,
      ),
    ]);
    const output = dense(
      inner,
      `TransformerStack/${layer}conv2/Tensordot/Reshape_1`,
      `Encode/${layer}conv2/bias/ConcatPartitions/concat`,
    );
    return graph.op('Add', [output, x]);
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
