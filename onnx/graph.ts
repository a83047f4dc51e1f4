import type { onnx as proto } from 'onnx-proto';
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;

const FLOAT = onnx.TensorProto.DataType.FLOAT;
const DOUBLE = onnx.TensorProto.DataType.DOUBLE;
const INT32 = onnx.TensorProto.DataType.INT32;
const INT64 = onnx.TensorProto.DataType.INT64;
const INT8 = onnx.TensorProto.DataType.INT8;
const UINT8 = onnx.TensorProto.DataType.UINT8;
const BOOL = onnx.TensorProto.DataType.BOOL;

const ELEMENT_TYPES = {
  float32: FLOAT,
  float64: DOUBLE,
  int32: INT32,
  int64: INT64,
  int8: INT8,
  uint8: UINT8,
  bool: BOOL,
} as const;

/** Element types that a graph's inputs, outputs and constants may have. */
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A tensor inside a graph, known by its name. */
export type Value = string & { readonly brand: 'onnx value' };

/** A dimension: a size, or a name for one that is known only when the graph runs. */
export type Dimension = number | string;

type Attribute = number | string | readonly number[] | { float: number };
type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;

const OPSET = 18;
// onnx-proto's schema stops at IR 8, which is what opset 18 asks for.
const IR_VERSION = 8;

/**
 * Writes an ONNX graph (opset 18) one operator at a time.
 *
 * @example
 * const graph = new Graph('double');
 * const x = graph.input('x', 'float32', ['rows', 3]);
 * graph.output('y', graph.op('Mul', [x, graph.scalar(2)]), 'float32', ['rows', 3]);
 * const session = await openSession(graph.serialize());
 */
export class Graph {
  readonly #nodes: proto.INodeProto[] = [];
  readonly #inputs: proto.IValueInfoProto[] = [];
  readonly #outputs: proto.IValueInfoProto[] = [];
  readonly #constants: proto.ITensorProto[] = [];
  readonly #scalars = new Map<string, Value>();
  readonly #outputNames = new Map<Value, string>();
  #unique = 0;

  constructor(readonly name: string) {}

  /** Declares an input of the graph. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return name as Value;
  }

  /** Makes the result of an operator an output of the graph, under a name of its own. */
  output(name: string, value: Value, type: ElementType, shape: readonly Dimension[]): void {
    // Renamed, here and for later operators, and not passed through an Identity, which would copy it.
    this.#outputNames.set(value, name);
    for (const { input, output } of this.#nodes) {
      rename(input!, value, name);
      rename(output!, value, name);
    }
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** Adds a constant tensor, row-major; its element type is that of the typed array. */
  constant(data: ConstantData, shape: readonly number[], name = this.#fresh('constant')): Value {
    this.#constants.push({
      name,
      dims: [...shape],
      dataType: elementTypeOf(data),
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name as Value;
  }

  /** A scalar constant, float32 if not said; the same number is stored once. */
  scalar(value: number, type: 'float32' | 'float64' = 'float32'): Value {
    const data = type === 'float32' ? Float32Array.of(value) : Float64Array.of(value);
    return this.#sharedConstant(`${type}:${value}`, data, []);
  }

  /** A one-dimensional int64 constant, as shapes and axes are given; equal lists are stored once. */
  ints(...values: number[]): Value {
    return this.#sharedConstant(`i64:${values}`, BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** Adds an operator with one output. Attributes: integers as numbers, floats as `{ float }`, lists, strings. */
  op(
    type: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value {
    return this.ops(type, inputs, 1, attributes, domain)[0]!;
  }

  /** Adds an operator with several outputs. `domain` is `com.microsoft` for ONNX Runtime's own operators. */
  ops(
    type: string,
    inputs: readonly Value[],
    outputs: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value[] {
    const names = Array.from({ length: outputs }, () => this.#fresh(type));
    this.#nodes.push({
      opType: type,
      domain,
      name: names[0]!,
      input: inputs.map((value) => this.#outputNames.get(value) ?? value),
      output: names,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return names as Value[];
  }

  /** The graph as the bytes of an ONNX model file. */
  serialize(): Uint8Array {
    const model = onnx.ModelProto.create({
      irVersion: IR_VERSION,
      producerName: 'densimeter',
      opsetImport: [
        { domain: '', version: OPSET },
        { domain: 'com.microsoft', version: 1 },
      ],
      graph: {
        name: this.name,
        node: this.#nodes,
        input: this.#inputs,
        output: this.#outputs,
        initializer: this.#constants,
      },
    });
    return onnx.ModelProto.encode(model).finish();
  }

  #sharedConstant(key: string, data: ConstantData, shape: readonly number[]): Value {
    const known = this.#scalars.get(key);
    if (known) return known;
    const value = this.constant(data, shape);
    this.#scalars.set(key, value);
    return value;
  }

  #fresh(prefix: string): string {
    return `${prefix}_${this.#unique++}`;
  }
}

function rename(names: string[], from: string, to: string): void {
  names.forEach((name, i) => {
    if (name === from) names[i] = to;
  });
}

function elementTypeOf(data: ConstantData): number {
  if (data instanceof Float32Array) return FLOAT;
  if (data instanceof Float64Array) return DOUBLE;
  if (data instanceof Int32Array) return INT32;
  if (data instanceof BigInt64Array) return INT64;
  return data instanceof Int8Array ? INT8 : UINT8;
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): proto.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: ELEMENT_TYPES[type], shape: { dim } } } };
}

function attribute(name: string, value: Attribute): proto.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}
