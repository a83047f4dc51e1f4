/** The largest few of many values with an integer label each, kept in descending order. */
export class TopList {
  readonly values: Float64Array;
  readonly labels: Float64Array;
  /** How many entries are filled. */
  size = 0;
  /** A value must exceed this to be kept. */
  floor = Number.NEGATIVE_INFINITY;

  constructor(readonly capacity: number) {
    this.values = new Float64Array(capacity);
    this.labels = new Float64Array(capacity);
    this.clear();
  }

  /** Keeps the value where it is among the largest. */
  offer(value: number, label: number): void {
    if (!(value > this.floor)) return;
    const { values, labels, capacity } = this;
    let at = this.size < capacity ? this.size++ : capacity - 1;
    for (; at > 0 && values[at - 1]! < value; at--) {
      values[at] = values[at - 1]!;
      labels[at] = labels[at - 1]!;
    }
    values[at] = value;
    labels[at] = label;
    if (this.size === capacity) this.floor = values[capacity - 1]!;
  }

  /** Forgets all entries. */
  clear(): void {
    this.size = 0;
    this.floor = this.capacity === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** Multiplies every value by a positive factor. */
  rescale(factor: number): void {
    for (let i = 0; i < this.size; i++) this.values[i]! *= factor;
    if (this.size === this.capacity) this.floor *= factor;
  }
}
