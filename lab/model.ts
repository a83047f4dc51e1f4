import type { Value } from '../onnx/index.js';
import { blockNames, type ModelConfig } from './config.js';
import {
  add,
  attention,
  concatColumns,
  embedding,
  linear,
  mergeHeads,
  rmsNorm,
  rotary,
  splitHeads,
  squaredRelu,
  type TokenShape,
  type TopKeys,
} from './operators/index.js';
import type { Tape, Variable } from './tape.js';

/** What a model reads: `rows` = batch·tokens. */
export interface ModelInput {
  /** int64 (rows). */
  ids: Value;
  /** int64 (batch, tokens), from 0. */
  positions: Value;
  layout: TokenShape;
  /** 0 where a token (…, tokens, keys) may attend, else −∞. */
  mask: Value;
  /** int64 (rows): the place of digits in their numbers, for Abacus embeddings. */
  digits?: Value | undefined;
  /** (rows, width), added to the embeddings (NEFTune). */
  noise?: Variable | undefined;
  /** Keys and values of the tokens before, of each block. */
  past?: readonly KeysAndValues[] | undefined;
  top?: TopKeys | undefined;
  loops?: Loops | undefined;
}

/** Runs of a recurrent model's core. */
export interface Loops {
  /** (rows, width): the first state, drawn. */
  state: Variable;
  /** Runs in all, and the last of them that are differentiated (Geiping et al. 2025, section 3.3). */
  runs: number;
  differentiated: number;
}

/** (batch, heads, tokens, size) each. */
export interface KeysAndValues {
  key: Variable;
  value: Variable;
}

/** What a model makes of it. */
export interface ModelOutput {
  /** (rows, width), normalised: times the embedding's transpose these are the logits. */
  hidden: Variable;
  /** Of each block, those of the past before them. */
  present: KeysAndValues[];
  /** (rows, width): a recurrent core's state after its last run. */
  state?: Variable | undefined;
}

/** Parameters on a tape, by name. */
export type Parameters = ReadonlyMap<string, Variable>;

/** Writes a model's forward computation onto a tape. */
export function forward(
  tape: Tape,
  config: ModelConfig,
  parameters: Parameters,
  input: ModelInput,
): ModelOutput {
  const { before, core, after } = blockNames(config);
  const present: KeysAndValues[] = [];
  const run = (x: Variable, blocks: readonly string[], given = parameters) =>
    blocks.reduce((h, name) => {
      const past = input.past?.[present.length];
      const made = block(tape, config, given, name, h, input, past);
      present.push(made.present);
      return made.h;
    }, x);

  const e = run(embed(tape, config, parameters, input), before);
  const state = core.length > 0 ? loop(e) : undefined;
  const h = run(state ?? e, after);
  return { hidden: rmsNorm(tape, h, parameters.get('final.norm')!), present, state };

  // Each run of the core sees what the prelude made of the text, beside its own last state.
  function loop(e: Variable): Variable {
    const { state, runs, differentiated } = input.loops!;
    const fixed: Parameters = new Map([...parameters].map(([name, value]) => [name, tape.detach(value)]));
    let s = state;
    for (let r = 0; r < runs; r++) {
      const isFixed = r < runs - differentiated;
      const given = isFixed ? fixed : parameters;
      const both = concatColumns(tape, s, isFixed ? tape.detach(e) : e);
      const adapted = linear(tape, both, given.get('adapter')!);
      s = rmsNorm(tape, run(adapted, core, given), given.get('core.norm')!);
    }
    return s;
  }
}

function embed(
  tape: Tape,
  { positions, width }: ModelConfig,
  parameters: Parameters,
  { ids, layout, positions: at, digits, noise }: ModelInput,
): Variable {
  const { batch, tokens } = layout;
  const rows = typeof batch === 'number' && typeof tokens === 'number' ? batch * tokens : 'rows';
  let x = embedding(tape, parameters.get('embedding')!, ids, rows);
  if (positions === 'learned') {
    const flat = tape.op('Reshape', [at, tape.graph.ints(-1)]);
    x = add(tape, x, embedding(tape, parameters.get('positions')!, flat, rows));
  }
  if (positions === 'abacus') x = add(tape, x, embedding(tape, parameters.get('digits')!, digits!, rows));
  return noise ? add(tape, { ...x, shape: [rows, width] }, noise) : x;
}

function block(
  tape: Tape,
  { heads, context, positions }: ModelConfig,
  parameters: Parameters,
  name: string,
  h: Variable,
  input: ModelInput,
  past: KeysAndValues | undefined,
): { h: Variable; present: KeysAndValues } {
  const of = (part: string) => parameters.get(`${name}.${part}`)!;
  const { layout, mask, top } = input;

  const qkv = linear(tape, rmsNorm(tape, h, of('attention.norm')), of('attention.qkv')); // (rows, 3·width)
  const [q, k, value] = splitHeads(tape, qkv, layout, 3, heads) as [Variable, Variable, Variable]; // (batch, heads, tokens, size)
  const turned = (x: Variable) => (positions === 'rotary' ? rotary(tape, x, input.positions, context) : x);
  const present = { key: behind(tape, past?.key, turned(k)), value: behind(tape, past?.value, value) };
  const mixed = attention(tape, turned(q), present.key, present.value, mask, top);
  const attended = add(tape, h, linear(tape, mergeHeads(tape, mixed, layout), of('attention.out')));

  const wide = linear(tape, rmsNorm(tape, attended, of('forward.norm')), of('forward.in')); // (rows, 4·width)
  return { h: add(tape, attended, linear(tape, squaredRelu(tape, wide), of('forward.out'))), present };
}

/** Keys or values behind those of the tokens before. */
function behind(tape: Tape, past: Variable | undefined, now: Variable): Variable {
  if (!past) return now;
  const value = tape.op('Concat', [past.value, now.value], { axis: 2 });
  const [batch, heads, , size] = now.shape;
  return { value, shape: [batch!, heads!, 'keys', size!], differentiable: false };
}
