import type { ModelConfig } from '../../lab/index.js';

type Rows = number[][];

/** A model's forward pass in plain loops, one text at a time: what the graphs are compared with. */
export function oracleLosses(
  config: ModelConfig,
  weights: ReadonlyMap<string, ArrayLike<number>>,
  ids: readonly number[],
  targets: readonly number[],
): number[] {
  const { width, heads, layers } = config;
  const size = width / heads;
  const at = (name: string) => weights.get(name)!;
  let h: Rows = ids.map((id) => slice(at('embedding'), id * width, width));
  for (let layer = 0; layer < layers; layer++) {
    const of = (part: string) => at(`blocks.${layer}.${part}`);
    const qkv = times(normed(h, of('attention.norm')), of('attention.qkv'), 3 * width);
    const mixed = h.map(() => new Array<number>(width).fill(0));
    for (let head = 0; head < heads; head++) {
      const part = (which: number) => qkv.map((row) => slice(row, which * width + head * size, size));
      const [q, k] = [0, 1].map((which) => part(which).map((row, position) => turned(row, position)));
      const v = part(2);
      for (let t = 0; t < ids.length; t++) {
        const scores = k!.slice(0, t + 1).map((key) => dot(q![t]!, key) / Math.sqrt(size));
        const most = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - most));
        const sum = shares.reduce((a, b) => a + b, 0);
        for (const [s, share] of shares.entries()) {
          for (let d = 0; d < size; d++) mixed[t]![head * size + d]! += (share / sum) * v[s]![d]!;
        }
      }
    }
    h = plus(h, times(mixed, of('attention.out'), width));
    const wide = times(normed(h, of('forward.norm')), of('forward.in'), 4 * width);
    const active = wide.map((row) => row.map((x) => Math.max(0, x) ** 2));
    h = plus(h, times(active, of('forward.out'), width));
  }
  const last = normed(h, at('final.norm'));
  return last.map((row, t) => {
    const logits = Array.from({ length: config.vocabulary }, (_, id) =>
      dot(row, slice(at('embedding'), id * width, width)),
    );
    const most = Math.max(...logits);
    return (
      most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - logits[targets[t]!]!
    );
  });
}

function slice(values: ArrayLike<number>, from: number, length: number): number[] {
  return Array.from({ length }, (_, i) => values[from + i]!);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

function plus(a: Rows, b: Rows): Rows {
  return a.map((row, r) => row.map((x, c) => x + b[r]![c]!));
}

function times(rows: Rows, matrix: ArrayLike<number>, columns: number): Rows {
  return rows.map((row) =>
    Array.from({ length: columns }, (_, c) =>
      row.reduce((sum, x, r) => sum + x * matrix[r * columns + c]!, 0),
    ),
  );
}

function normed(rows: Rows, gain: ArrayLike<number>): Rows {
  return rows.map((row) => {
    const inverse = 1 / Math.sqrt(dot(row, row) / row.length + 1e-5);
    return row.map((x, c) => x * inverse * gain[c]!);
  });
}

function turned(row: readonly number[], position: number): number[] {
  const half = row.length / 2;
  return row.map((x, i) => {
    const angle = position / 10_000 ** ((2 * (i % half)) / row.length);
    const other = i < half ? -row[i + half]! : row[i - half]!;
    return x * Math.cos(angle) + other * Math.sin(angle);
  });
}
