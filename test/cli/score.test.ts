import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { stateOfTheUnion } from '../indexer/texts.js';
import { completionsServer } from '../study/outcomes/completions-server.js';
import { built } from '../support/built.js';
import { sharedData, whyNoData } from '../support/shared-data.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';

const MAIN = fileURLToPath(built('cli/main.js'));
const MODEL = sharedData('models', 'stories260K');
const folder = tempFolder();

function densimeter(...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args, '--study', 's'], { encoding: 'utf8', cwd: folder });
}

/** As `densimeter`, while this process serves; ends with SIGINT once stderr says `until`. */
async function densimeterAsync(args: string[], until?: string) {
  const child = spawn(process.execPath, [MAIN, ...args, '--study', 's'], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  let killed = false;
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    if (until !== undefined && stderr.includes(until) && !killed) killed = child.kill('SIGINT');
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
}

beforeAll(() => {
  const sentences = stateOfTheUnion()
    .slice(30, 34)
    .join(' ')
    .match(/[^.]{30,}\./g)!;
  const records = (from: number, to: number) =>
    sentences
      .slice(from, to)
      .map((text, i) => JSON.stringify({ id: `s${i}`, text, last: text.trim().split(' ').at(-1) }))
      .join('\n');
  writeFileSync(join(folder, 'train.jsonl'), records(0, 150));
  writeFileSync(join(folder, 'test.jsonl'), records(150, 190));
  expect(densimeter('index', 'mine', 'train.jsonl').status).toBe(0);
  expect(densimeter('queries', 'test', 'test.jsonl', '--text', 'text', '--meta', 'last').status).toBe(0);
});

describe('densimeter score', () => {
  it('scores with the n-gram model, once', () => {
    const args = ['score', 'ng', '--queries', 'test', '--model', 'ngram', '--order', '3'];
    const scored = densimeter(...args);
    expect(scored.stdout).toMatch(
      /^ng: 40 queries, \d+ tokens, \d\.\d{3} nats a token, perplexity [\d.]+, \d\.\d{3} bits a byte\n$/,
    );
    expect(densimeter(...args).stdout).toContain('40 queries (40 scored before)');
    expect(densimeter('runs', 'list').stdout).toMatch(
      /ng \(ngram\): order=3, trainedTokens=\d+, vocabularySize=8000/,
    );
    expect(densimeter(...args, '--order', '4')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Run "ng" was scored otherwise') as string,
    });
    expect(densimeter(...args, '--order', '4', '--replace').status).toBe(0);
  });

  it.skipIf(skipping('stories260K', whyNoData('models', 'stories260K')))(
    'scores targets with an ONNX model',
    () => {
      const args = ['score', 'st', '--queries', 'test', '--model', `onnx:${MODEL}`, '--dtype', 'q8'];
      const whole = JSON.parse(densimeter(...args, '--json').stdout);
      const last = JSON.parse(densimeter(...args, '--json', '--target', 'last', '--replace').stdout);
      expect(whole).toMatchObject({ run: 'st', queries: 40, kept: 0 });
      expect(last.tokens).toBeLessThan(whole.tokens / 5);
      expect(last.kept).toBe(0);
    },
  );

  it('stops at Ctrl-C and goes on with an endpoint', async () => {
    const tokens = async (prompt: string) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return prompt.split(/(?= )/).map((text, i) => ({ text, logprob: i === 0 ? null : -1.5 }));
    };
    const server = await completionsServer({ tokens, way: 'prompt_logprobs' });
    const args = ['score', 'vllm', '--queries', 'test', '--model', 'm', '--endpoint', server.url];
    const slow = [...args, '--concurrency', '1', '--every', '3'];
    const stopped = densimeterAsync(slow, 'scoring vllm');
    await expect(stopped).resolves.toMatchObject({
      status: 130,
      stderr: expect.stringMatching(/densimeter: Stopped\. .* it goes on behind \d+ queries/) as string,
    });
    const asked = server.requests.length;
    const { stdout } = await densimeterAsync(args);
    expect(stdout).toMatch(
      /vllm: 40 queries \(\d+ scored before\), \d+ tokens, 1\.500 nats a token, perplexity 4\.48/,
    );
    // Two requests to find out how, in each of the two runs.
    expect(asked).toBeLessThan(42);
    expect(server.requests).toHaveLength(40 + 4);
    await server.close();
  });

  it.each([
    [['--model', 'gpt2'], 2, /"gpt2" is no model: use ngram, onnx:/],
    [[], 2, /Say which model scores/],
    [['--model', 'onnx:nowhere/at-all'], 2, /The model "nowhere\/at-all" cannot be loaded/],
    [
      ['--model', 'm', '--endpoint', 'http://127.0.0.1:49151/v1'],
      1,
      /No server answers at http:\/\/127\.0\.0\.1:49151\/v1/,
    ],
    [['--model', 'ngram', '--corpora', 'none'], 2, /no corpus "none"; there are: mine/],
    [['--model', 'ngram', '--order', '9'], 2, /order is 9/],
    [
      ['--model', 'ngram', '--target', 'answer'],
      1,
      /has no text in the field "answer"; fields kept with it: last/,
    ],
  ])('refuses %j', (args, code, message) => {
    const { status, stderr } = densimeter('score', 'x', '--queries', 'test', ...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });
});
