import type { Command } from 'commander';
import { addLabFinetuneCommand } from './lab-finetune-command.js';
import { addLabGenerateCommand } from './lab-generate-command.js';
import { addLabPromptsCommand } from './lab-prompts-command.js';
import { addLabRunCommand } from './lab-run-command.js';
import { addLabScoreCommand } from './lab-score-command.js';
import { addLabTrainCommand } from './lab-train-command.js';

/** Adds `densimeter lab`. */
export function addLabCommand(program: Command): void {
  const lab = program
    .command('lab')
    .description('small language models that are trained here, and experiments with them (docs/lab.md)');
  addLabTrainCommand(lab);
  addLabFinetuneCommand(lab);
  addLabScoreCommand(lab);
  addLabGenerateCommand(lab);
  addLabPromptsCommand(lab);
  addLabRunCommand(lab);
}
