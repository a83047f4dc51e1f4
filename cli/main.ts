#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCalibrateCommand } from './calibrate-command.js';
import { addClusterCommand } from './cluster-command.js';
import { addControlsCommand } from './controls-command.js';
import { addCorpusCommand } from './corpus-command.js';
import { addCoverageCommand } from './coverage-command.js';
import { addDensityCommands } from './density-command.js';
import { reportFailure } from './failure.js';
import { addGoldfishCommand } from './goldfish-command.js';
import { addIndexCommand } from './index-command.js';
import { addInterveneCommand } from './intervene-command.js';
import { addLabCommand } from './lab-command.js';
import { addLeaksCommand } from './leaks-command.js';
import { addMeasureCommand } from './measure-command.js';
import { addMemorizationCommand } from './memorization-command.js';
import { addOutcomesCommand } from './outcomes-command.js';
import { addProjectCommand } from './project-command.js';
import { addQueriesCommand } from './queries-command.js';
import { addReportCommand } from './report-command.js';
import { addRunCommand } from './run-command.js';
import { addRunsCommand } from './runs-command.js';
import { addScalingCommand } from './scaling-command.js';
import { addScoreCommand } from './score-command.js';
import { addSelectCommand } from './select-command.js';
import { addServeCommand } from './serve-command.js';
import { addSketchCommand } from './sketch-command.js';
import { addStatusCommand } from './status-command.js';
import { addVerifyCommand } from './verify-command.js';
import { addWeightsCommand } from './weights-command.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('densimeter')
  .description(
    "Measures how much support a language model's training data gives to each test query, where in the data the support comes from, and how far it explains the model's loss.",
  )
  .version(version)
  .showHelpAfterError('(see densimeter --help)')
  .exitOverride()
  // A command below a command may have options of the same names.
  .enablePositionalOptions()
  .addHelpText(
    'after',
    `
Examples:
  densimeter run study.yaml --study out          do all that a study file asks for, in the directory out
  densimeter index wiki '*.parquet' --study out  add a corpus by hand
  densimeter density "A text." --study out       how much support it has, and from where
  densimeter serve --study out                   show it all in the browser
  densimeter status --study out --json           what is in it, for machines
  densimeter verify --study out                  check its vector files, with FAISS where it is installed

Exit codes: 0 done, 1 failed, 2 called wrongly (flags or study file), 3 a report's
gate failed, 130 stopped with Ctrl-C.
What was interrupted goes on where it was when the same command is given again.`,
  );

// A reader that has seen enough (densimeter … | head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

addRunCommand(program);
addReportCommand(program);
addIndexCommand(program);
addQueriesCommand(program);
addMeasureCommand(program);
addCoverageCommand(program);
addOutcomesCommand(program);
addScoreCommand(program);
addControlsCommand(program);
addLabCommand(program);
addLeaksCommand(program);
addInterveneCommand(program);
addRunsCommand(program);
addScalingCommand(program);
addSelectCommand(program);
addWeightsCommand(program);
addMemorizationCommand(program);
addGoldfishCommand(program);
addCalibrateCommand(program);
addDensityCommands(program);
addProjectCommand(program);
addClusterCommand(program);
addCorpusCommand(program);
addSketchCommand(program);
addServeCommand(program);
addStatusCommand(program);
addVerifyCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
