import type { Command } from 'commander';
import { integer, number, withOutputOptions } from './common-options.js';
import { withEmbedderOptions } from './embedder-options.js';
import { withChunkOptions, withSourceOptions } from './source-options.js';

/** Adds `densimeter sketch`, with `merge` and `query` below it. */
export function addSketchCommand(program: Command): void {
  const sketch = program
    .command('sketch')
    .enablePositionalOptions()
    .argument('<out>', 'the file to write, such as wiki.race')
    .argument('<path...>', 'texts, as for densimeter index')
    .description('count training texts into a sketch of constant size: a density without keeping vectors')
    .option('--sketch-mb <n>', 'memory of the counters, MB of 2^20 bytes', number, 64)
    .option('--bits <p>', 'power of the angular kernel (1 − θ/π)^p, 1 to 24 (default 15)', integer)
    .option('--bandwidth <h>', 'choose the bits whose kernel is as wide as an exponential one of h', number)
    .option('--replace', 'write over a file that is there already');
  withSourceOptions(sketch);
  withChunkOptions(sketch);
  withEmbedderOptions(sketch);
  withOutputOptions(sketch)
    .addHelpText(
      'after',
      `
A sketch knows one kernel, the angular one of its bits, and no shares by source (docs/sketch.md).
Only sketches of the same bits, memory, seed and embedder can be merged.

Examples:
  densimeter sketch wiki.race wiki/*.parquet
  densimeter sketch web.race c4.jsonl.zst --sketch-mb 256 --bandwidth 0.15 --seed 7
  densimeter sketch merge all.race part-1.race part-2.race
  densimeter sketch query all.race "The mitochondrion is the powerhouse of the cell."`,
    )
    // Loaded when needed: the models' libraries take a second, which --help should not.
    .action(async (...given: Parameters<typeof import('./sketch-actions.js').build>) => {
      await (await import('./sketch-actions.js')).build(...given);
    });

  withOutputOptions(
    sketch
      .command('merge')
      .argument('<out>', 'the file to write')
      .argument('<in...>', 'sketches of the same settings')
      .description('add sketches up: the same, bit for bit, as one sketch of all their texts')
      .option('--replace', 'write over a file that is there already'),
  )
    .addHelpText('after', '\nExample:\n  densimeter sketch merge all.race part-*.race')
    .action(async (...given: Parameters<typeof import('./sketch-actions.js').merge>) => {
      await (await import('./sketch-actions.js')).merge(...given);
    });

  withOutputOptions(
    withEmbedderOptions(
      sketch
        .command('query')
        .argument('<file>', 'a sketch')
        .argument('<text...>', 'texts to ask about')
        .description('print the density of texts, with its 95% interval')
        .option('--groups <n>', 'the median of the means of n groups of rows, rather than one mean', integer),
    ),
  )
    .addHelpText(
      'after',
      `
The embedder must be the one that the sketch was made with: give the same options.

Examples:
  densimeter sketch query wiki.race "Call me Ishmael." "colourless green ideas"
  densimeter sketch query wiki.race "Call me Ishmael." --json`,
    )
    .action(async (...given: Parameters<typeof import('./sketch-actions.js').query>) => {
      await (await import('./sketch-actions.js')).query(...given);
    });
}
