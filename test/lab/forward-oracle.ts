import type { ModelConfig } from '../../lab/index.js';

type Rows = number[][];

/** A text of at most the model's context, and what its options take beside it. */
export interface OracleText {
  ids: readonly number[];
  /** Places of digits, for Abacus embeddings. */
  places?: readonly number[];
  /** Added to the embeddings, (tokens, width). */
  noise?: Rows;
  /** A recurrent core's first state, (tokens, width), and how often the core runs. */
  state?: Rows;
  runs?: number;
  /** Keys that a token attends to at most. */
  topKeys?: number;
}

/** What a token costs, nats, by the logits of all that could stand there. */
export function lossOf(logits: readonly number[], token: number): number {
  const most = Math.max(...logits);
  return most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - logits[token]!;
}

/** A model's forward pass in plain loops, one text at a time: what the graphs are compared with. */
export function oracleLogits(
  config: ModelConfig,
  weights: ReadonlyMap<string, ArrayLike<number>>,
  text: OracleText,
): Rows {
  const { width, heads, layers, recurrence, positions } = config;
  const size = width / heads;
  const at = (name: string) => weights.get(name)!;
  const rowOf = (table: string, row: number) => slice(at(table), row * width, width);
  const rows = (table: string, of: readonly number[]) => of.map((row) => rowOf(table, row));

  let h = rows('embedding', text.ids);
  if (positions === 'learned')
    h = plus(
      h,
      rows(
        'positions',
        text.ids.map((_, t) => t),
      ),
    );
  if (positions === 'abacus') h = plus(h, rows('digits', text.places!));
  if (text.noise) h = plus(h, text.noise);
  if (recurrence) {
    const e = through('prelude', recurrence.prelude, h);
    let s = text.state!;
    for (let run = 0; run < text.runs!; run++) {
      const both = s.map((row, t) => [...row, ...e[t]!]);
      s = normed(through('core', recurrence.core, times(both, at('adapter'), width)), at('core.norm'));
    }
    h = through('coda', recurrence.coda, s);
  } else h = through('blocks', layers, h);
  return normed(h, at('final.norm')).map((row) =>
    Array.from({ length: config.vocabulary }, (_, id) => dot(row, rowOf('embedding', id))),
  );

  function through(part: string, blocks: number, x: Rows): Rows {
    return Array.from({ length: blocks }, (_, i) => `${part}.${i}`).reduce(block, x);
  }

  function block(x: Rows, name: string): Rows {
    const of = (part: string) => at(`${name}.${part}`);
    const qkv = times(normed(x, of('attention.norm')), of('attention.qkv'), 3 * width);
    const mixed = x.map(() => new Array<number>(width).fill(0));
    for (let head = 0; head < heads; head++) {
      const part = (which: number) => qkv.map((row) => slice(row, which * width + head * size, size));
      const [q, k] = [0, 1].map((which) =>
        part(which).map((row, position) => (positions === 'rotary' ? turned(row, position) : row)),
      );
      const v = part(2);
      for (let t = 0; t < x.length; t++) {
        const scores = k!.slice(0, t + 1).map((key) => dot(q![t]!, key) / Math.sqrt(size));
        const best = [...scores].sort((a, b) => b - a);
        const least = best[Math.min(text.topKeys ?? x.length, best.length) - 1]!;
        const shares = scores.map((score) => (score < least ? 0 : Math.exp(score - best[0]!)));
        const sum = shares.reduce((a, b) => a + b, 0);
        for (const [s, share] of shares.entries()) {
          for (let d = 0; d < size; d++) mixed[t]![head * size + d]! += (share / sum) * v[s]![d]!;
        }
      }
    }
    const attended = plus(x, times(mixed, of('attention.out'), width));
    const wide = times(normed(attended, of('forward.norm')), of('forward.in'), 4 * width);
    const active = wide.map((row) => row.map((value) => Math.max(0, value) ** 2));
    return plus(attended, times(active, of('forward.out'), width));
  }
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
