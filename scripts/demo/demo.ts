import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { writeDemoTexts } from '../../experiments/index.js';

// This file runs from dist/scripts/demo; the project is three folders up.
const project = fileURLToPath(new URL('../../../', import.meta.url));
const densimeter = join(project, 'dist/cli/main.js');
const demo = join(project, 'demo');

interface DemoOptions {
  serve?: boolean;
  port: string;
}

new Command('npm run demo --')
  .description('Runs the demo study with the densimeter command, and shows it in the browser.')
  .option('--serve', 'go on to serve the page; the default on a terminal')
  .option('--no-serve', 'end when the report is written; the default elsewhere')
  .option('--port <number>', 'the port of the page', '4860')
  .action(run)
  .parse();

function run({ serve = process.stdout.isTTY === true, port }: DemoOptions): void {
  writeDemoTexts(join(demo, 'texts'));
  process.stderr.write(
    'The demo: 233 State of the Union addresses as training data, a language model trained on them, and three kinds of\n' +
      'queries: held-out addresses, verbatim training text, and Moby Dick. densimeter run scripts/demo/study.yaml\n\n',
  );
  const study = join(project, 'scripts/demo/study.yaml');
  const { status } = spawnSync(process.execPath, [densimeter, 'run', study, '--study', demo], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.exitCode = status ?? 1;
    return;
  }
  const command = [densimeter, 'serve', '--study', demo, '--port', port];
  if (!serve) {
    process.stdout.write(`Page:   http://127.0.0.1:${port} after: npx densimeter serve --study demo\n`);
    return;
  }
  spawn(process.execPath, command, { stdio: 'inherit' }).on('exit', (code) => {
    process.exitCode = code ?? 0;
  });
}
