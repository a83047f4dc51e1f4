import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeGenerated } from '../../experiments/generation/generated-file.js';
import {
  generatorPrompts,
  PROMPT_FORMS,
  questionAndAnswer,
} from '../../experiments/generation/generator-prompts.js';
import { quotedAnswers } from '../../experiments/generation/quoted-answers.js';
import { DataError } from '../../store/index.js';
import { chatServer } from '../support/chat-server.js';
import { tempFolder } from '../support/temp-folder.js';

const dir = tempFolder();
const TOPICS = ['canals', 'tariffs', 'whaling'];
const asking = { seed: 1 };

describe('generator prompts', () => {
  it('take topics in turn, draw numbers of items by seed, and differ', () => {
    for (const form of PROMPT_FORMS) {
      const prompts = generatorPrompts(form, TOPICS, 60, 1);
      expect(generatorPrompts(form, TOPICS, 60, 1)).toEqual(prompts);
      expect(new Set(prompts.map(({ id }) => id)).size).toBe(60);
      if (form === 'static') expect(prompts[0]!.topic).toBeNull();
      else
        for (const [i, { topic, prompt }] of prompts.entries()) {
          expect(topic).toBe(TOPICS[i % 3]);
          expect(prompt).toContain(`: ${topic}.`);
        }
    }
    const nested = generatorPrompts('generator-nested', TOPICS, 200, 1).map(({ prompt }) =>
      [...prompt.matchAll(/subtopic (\d+)/g)].map(([, number]) => Number(number)),
    );
    expect(new Set(nested.map(String)).size).toBeGreaterThan(150);
    for (const number of nested.flat()) expect(number >= 1 && number <= 40).toBe(true);
    expect(() => generatorPrompts('conditional', [], 1, 1)).toThrow(RangeError);
  });

  it('bring the last question and its answer, without the lists before them', () => {
    const lists = '1. locks\n2. barges\nSubtopic 2: barges\n';
    expect(questionAndAnswer(`${lists}Question: What moves?\n\nAnswer: A barge.\nSlowly.\n`)).toBe(
      'Question: What moves?\nAnswer: A barge.\nSlowly.',
    );
    expect(questionAndAnswer('**Question:** What?\n**Answer:** That.')).toBe(
      'Question: What?\nAnswer: That.',
    );
    expect(questionAndAnswer('Question: A draft?\nQuestion: What?\nAnswer: That.')).toBe(
      'Question: What?\nAnswer: That.',
    );
    for (const none of ['', lists, 'Question: What?', 'Question:\nAnswer:', 'Answer: That.'])
      expect(questionAndAnswer(none), none).toBeNull();
  });
});

describe('generated texts of an endpoint', () => {
  const prompts = generatorPrompts('conditional', TOPICS, 6, 1);

  it('go to a file, and what is there is not asked for again', async () => {
    const file = join(dir, 'generated.jsonl');
    const { url, requests } = await chatServer(({ messages }) =>
      messages[0]!.content.includes('whaling')
        ? 'I would rather not.'
        : `Question: On what?\nAnswer: ${messages[0]!.content.slice(0, 60)}`,
    );
    const found = await writeGenerated(file, prompts, { url, model: 'm' }, asking);
    expect(found).toEqual({ texts: 4, kept: 0, leftOut: 2 });
    expect(requests.map(({ model, seed }) => [model, seed])).toEqual(Array(6).fill(['m', 1]));
    const whole = readFileSync(file, 'utf8');
    const lines = whole
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; topic: string; text: string });
    expect(lines.map(({ id }) => id).sort()).toEqual(
      ['conditional 1', 'conditional 2', 'conditional 4', 'conditional 5'].sort(),
    );
    for (const { topic, text } of lines) expect(text).toContain(topic);
    // Killed in the middle of a line.
    appendFileSync(file, '{"id":"conditional 3","te');
    expect(await writeGenerated(file, prompts, { url, model: 'm' }, asking)).toEqual({
      texts: 4,
      kept: 4,
      leftOut: 2,
    });
    expect(requests.length).toBe(8);
    expect(readFileSync(file, 'utf8')).toBe(whole);
  });

  it('keep what came before the endpoint failed, and say why it did', async () => {
    const file = join(dir, 'failed.jsonl');
    const { url } = await chatServer((_, request) => (request < 2 ? 'Question: What?\nAnswer: That.' : 401));
    const failing = writeGenerated(file, prompts, { url, model: 'm', concurrency: 1, retries: 0 }, asking);
    await expect(failing).rejects.toThrow(DataError);
    await expect(failing).rejects.toThrow(/401/);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('are not written behind other things', async () => {
    const file = join(dir, 'other.jsonl');
    writeFileSync(file, '{"id":"a","text":"b"}\n{"question":"c"}\n');
    const { url, requests } = await chatServer(() => '');
    await expect(writeGenerated(file, prompts, { url, model: 'm' }, asking)).rejects.toThrow(
      /other.jsonl, line 2 is no generated text/,
    );
    expect(requests).toHaveLength(0);
  });

  it('end where they are stopped', async () => {
    const stop = new AbortController();
    const { url } = await chatServer(() => {
      stop.abort(new Error('stopped'));
      return 'Question: What?\nAnswer: That.';
    });
    const file = join(dir, 'stopped.jsonl');
    await expect(
      writeGenerated(file, prompts, { url, model: 'm', concurrency: 1 }, { ...asking, signal: stop.signal }),
    ).rejects.toThrow('stopped');
  });
});

it('quoted answers ask with the words that fewest passages have, and quote the passage', () => {
  const passages = [
    'The canal of the state shall carry wheat.',
    'The canal of the state shall carry salted herring.',
    'The treasury of the state has salted wheat.',
  ].map((passage, i) => ({ id: `p${i}`, speaker: 'Polk', year: 1846, passage }));
  const texts = quotedAnswers(passages, 1);
  expect(quotedAnswers(passages, 1)).toEqual(texts);
  expect(texts.map(({ id }) => id)).toEqual(['p0', 'p1', 'p2']);
  for (const [i, { text }] of texts.entries()) {
    expect(text).toMatch(/^Question: .*Polk/);
    expect(text.endsWith(`\nAnswer: ${passages[i]!.passage}`)).toBe(true);
  }
  // "herring" and "treasury" stand once and cannot be what a text is about; "state" stands everywhere.
  expect(texts[1]!.topic!.split(' and ').sort()).toEqual(['canal', 'shall']);
  expect(texts[2]!.topic).toBe('salted and wheat');
});
