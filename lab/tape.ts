import { type Dimension, Graph, type Value } from '../onnx/index.js';

/** Element type of what is computed; float64 is for checks, and slow. */
export type Precision = 'float32' | 'float64';

/** A tensor on the tape. */
export interface Variable {
  value: Value;
  shape: readonly Dimension[];
  /** Whether the loss is differentiated by it. */
  differentiable: boolean;
}

/** Rows to be added to some rows of a table's gradient. */
interface RowGradient {
  /** int64, (rows). */
  ids: Value;
  /** (rows, dims) */
  rows: Value;
}

/** The gradients of an operator's inputs, from those of its outputs. */
type Backward = (gradients: Value[]) => (Value | undefined)[];

interface Recorded {
  inputs: readonly Variable[];
  outputs: readonly Variable[];
  backward: Backward;
}

type Attributes = Parameters<Graph['op']>[2];

/**
 * Records a computation as an ONNX graph and, asked for gradients, writes its reverse into the same graph (reverse-mode differentiation).
 *
 * @example
 * const tape = new Tape('square');
 * const x = tape.input('x', [3], { differentiable: true });
 * const y = tape.record([x], tape.op('Mul', [x.value, x.value]), [3], (dy) => [tape.op('Mul', [dy, tape.scalar(2)])]);
 */
export class Tape {
  readonly graph: Graph;
  readonly #recorded: Recorded[] = [];
  readonly #gradients = new Map<Value, Value[]>();
  readonly #rowGradients = new Map<Value, RowGradient[]>();

  constructor(
    name: string,
    readonly precision: Precision = 'float32',
  ) {
    this.graph = new Graph(name);
  }

  /** Declares an input of the tape's element type. */
  input(name: string, shape: readonly Dimension[], { differentiable = false } = {}): Variable {
    return { value: this.graph.input(name, this.precision, shape), shape, differentiable };
  }

  /** Adds an operator that is differentiated by no rule of its own; rules are made of these. */
  op(type: string, inputs: readonly Value[], attributes?: Attributes): Value {
    return this.graph.op(type, inputs, attributes);
  }

  /** Adds one of ONNX Runtime's own operators. */
  fused(type: string, inputs: readonly Value[], attributes?: Attributes): Value {
    return this.graph.op(type, inputs, attributes, 'com.microsoft');
  }

  /** A number of the tape's element type. */
  scalar(value: number): Value {
    return this.graph.scalar(value, this.precision);
  }

  /** A constant of the tape's element type, row-major. */
  constant(data: readonly number[] | Float64Array, shape: readonly number[]): Value {
    const typed = this.precision === 'float64' ? Float64Array.from(data) : Float32Array.from(data);
    return this.graph.constant(typed, shape);
  }

  /** Records an operator with one output; `backward` gives the gradients of the inputs, in their order. */
  record(
    inputs: readonly Variable[],
    value: Value,
    shape: readonly Dimension[],
    backward: (gradient: Value) => (Value | undefined)[],
  ): Variable {
    return this.recordAll(inputs, [value], [shape], ([gradient]) => backward(gradient!))[0]!;
  }

  /** Records an operator with several outputs, all of which must reach the loss. */
  recordAll(
    inputs: readonly Variable[],
    values: readonly Value[],
    shapes: readonly (readonly Dimension[])[],
    backward: Backward,
  ): Variable[] {
    const differentiable = inputs.some((input) => input.differentiable);
    const outputs = values.map((value, i) => ({ value, shape: shapes[i]!, differentiable }));
    if (differentiable) this.#recorded.push({ inputs, outputs, backward });
    return outputs;
  }

  /** The same tensor, through which no gradient flows. */
  detach(variable: Variable): Variable {
    return { ...variable, differentiable: false };
  }

  /** Adds rows to the gradient of a table, as they were looked up in it. Called by backward rules. */
  addRows(table: Variable, ids: Value, rows: Value): void {
    append(this.#rowGradients, table.value, { ids, rows });
  }

  /** Writes the reverse computation from the loss, a scalar, on. */
  backward(loss: Variable): void {
    append(this.#gradients, loss.value, this.scalar(1));
    for (const { inputs, outputs, backward } of this.#recorded.toReversed()) {
      const gradients = outputs.map((output) => this.#summed(output));
      if (gradients.every((gradient) => gradient === undefined)) continue;
      if (gradients.includes(undefined)) throw new Error('An output of an operator does not reach the loss.');
      for (const [i, gradient] of backward(gradients as Value[]).entries()) {
        const input = inputs[i]!;
        if (gradient && input.differentiable) append(this.#gradients, input.value, gradient);
      }
    }
  }

  /**
   * The gradient of the loss by a variable.
   *
   * @throws Error where it does not reach the loss
   */
  gradientOf(variable: Variable): Value {
    const dense = this.#summed(variable);
    const rows = this.#rowGradients.get(variable.value);
    if (!rows) {
      if (!dense) throw new Error(`${variable.value} does not reach the loss.`);
      return dense;
    }
    const shape = this.graph.ints(...(variable.shape as number[]));
    const onto = dense ?? this.op('Expand', [this.scalar(0), shape]);
    return this.#scattered(onto, rows, variable.shape[1] as number);
  }

  // ScatterND with reduction loses additions where two threads meet a row; ScatterElements does not.
  #scattered(onto: Value, parts: readonly RowGradient[], dims: number): Value {
    const join = (values: Value[]) =>
      values.length > 1 ? this.op('Concat', values, { axis: 0 }) : values[0]!;
    const ids = this.op('Unsqueeze', [join(parts.map((part) => part.ids)), this.graph.ints(1)]);
    const indices = this.op('Expand', [ids, this.graph.ints(1, dims)]);
    const rows = join(parts.map((part) => part.rows));
    return this.op('ScatterElements', [onto, indices, rows], { axis: 0, reduction: 'add' });
  }

  #summed({ value }: Variable): Value | undefined {
    const parts = this.#gradients.get(value);
    if (!parts || parts.length < 2) return parts?.[0];
    const sum = parts.reduce((a, b) => this.op('Add', [a, b]));
    this.#gradients.set(value, [sum]);
    return sum;
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
