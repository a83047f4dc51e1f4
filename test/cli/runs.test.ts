import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ensureRun, openStudy } from '../../store/index.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const dir = join(tempFolder(), 's');

function densimeter(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args, '--study', dir], { encoding: 'utf8' });
}

describe('densimeter runs', () => {
  it('sets and lists covariates', () => {
    const study = openStudy(dir, { write: true });
    ensureRun(study.db, { name: 'gpt2', scorer: 'import' });
    study.close();
    const set = densimeter(
      'runs',
      'set',
      'gpt2',
      'params=124e6',
      'family=gpt',
      'neftune_alpha=5',
      'note=a=b',
    );
    expect(set.stdout).toBe('gpt2 (import): family=gpt, neftune_alpha=5, note=a=b, params=124000000\n');
    densimeter('runs', 'set', 'gpt2', 'family=', '--quiet');
    const { runs } = JSON.parse(densimeter('runs', 'list', '--json').stdout);
    expect(runs).toMatchObject([{ covariates: { neftune_alpha: 5, note: 'a=b', params: 124e6 } }]);
    expect(densimeter('runs', 'list').stdout).toContain('gpt2 (import): neftune_alpha=5');
  });

  it.each([
    [['runs', 'set', 'gpt2', 'params'], /"params" is no covariate: write key=value/],
    [['runs', 'set', 'none', 'a=1'], /There is no run "none"; there are: gpt2/],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = densimeter(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
