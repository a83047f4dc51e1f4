import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { sharedData, whyNoData } from '../support/shared-data.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const folder = tempFolder();

function densimeter(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], { encoding: 'utf8', cwd: folder });
}

function write(name: string, lines: readonly unknown[]): void {
  writeFileSync(join(folder, name), lines.map((line) => JSON.stringify(line)).join('\n'));
}

describe('densimeter outcomes import', () => {
  it('imports, says what it matched, and replaces when told to', () => {
    const texts = ['Peace with all nations.', 'Commerce with all nations.', 'Basalt cools into columns.'];
    write(
      'a.jsonl',
      texts.map((text, i) => ({ id: `q${i}`, text })),
    );
    expect(densimeter('index', 'mine', 'a.jsonl').status).toBe(0);
    expect(densimeter('queries', 'mine', 'a.jsonl', '--id', 'id').status).toBe(0);
    write('o.jsonl', [
      { q: 'q0', sum: 12, n: 4, right: 1, rouge: 0.5 },
      { q: 'q2', sum: 20, n: 5, right: 0, rouge: 0.25 },
      { q: 'q9', sum: 20, n: 5, right: 0, rouge: 0.25 },
    ]);
    const columns = [
      '--key',
      'q',
      '--nll',
      'sum',
      '--tokens',
      'n',
      '--correct',
      'right',
      '--metric',
      'rouge',
    ];
    const imported = densimeter('outcomes', 'import', 'gpt', 'o.jsonl', '--queries', 'mine', ...columns);
    expect(imported.stderr).toBe('');
    expect(imported.stdout).toBe(
      [
        'gpt: 3 records, matched to queries 2 by id',
        '  nll of 2, tokens of 2, correct of 2, rouge of 2; median 3.50 nats a token',
        '  1 records are of no query in the set (o.jsonl:3)',
        '  1 queries have no outcome\n',
      ].join('\n'),
    );
    const again = ['outcomes', 'import', 'gpt', 'o.jsonl', '--queries', 'mine', ...columns];
    expect(densimeter(...again)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('already. Replace them with --replace.') as string,
    });
    const { imported: json } = JSON.parse(densimeter(...again, '--replace', '--json').stdout);
    expect(json).toMatchObject([{ run: 'gpt', records: 3, matched: { id: 2 }, queriesWithoutOutcome: 1 }]);
  });

  it.each([
    [['gpt', 'o.jsonl'], 2, /required option '--queries <set>'/],
    [['gpt', '--queries', 'mine'], 2, /Name the files of outcomes/],
    [['gpt', 'none.jsonl', '--queries', 'mine'], 2, /No file matches "none\.jsonl"/],
    [['gpt', 'o.jsonl', '--queries', 'none'], 2, /There is no query set "none"; there are: mine/],
    [['gpt', 'o.jsonl', '--queries', 'mine', '--key', 'q'], 2, /Say which column is what/],
    [
      ['gpt', 'o.jsonl', '--queries', 'mine', '--nll', 'sum'],
      2,
      /Say which column names the query with --key/,
    ],
    [['x', 'o.jsonl', '--queries', 'mine', '--key', 'q', '--loss', 'sum', '--tokens', 'q'], 1, /q is "q0"/],
  ])('refuses %j', (args, code, message) => {
    const { status, stderr } = densimeter('outcomes', 'import', ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });

  it.skipIf(skipping('real samples', whyNoData('lm-eval-samples')))(
    'needs no options for the harness’s samples',
    () => {
      const files = sharedData('lm-eval-samples', 'samples_copa*.jsonl');
      densimeter('queries', 'copa', files, '--id', 'doc_hash', '--text', '{doc.premise}');
      expect(densimeter('outcomes', 'import', 'tiny', files, '--queries', 'copa').stdout).toBe(
        'tiny: 10 records, matched to queries 10 by doc hash\n  correct of 10, nll of 10, bytes of 10; median 4.18 bits a byte\n',
      );
    },
  );
});
