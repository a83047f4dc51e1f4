import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { numberedLines } from '../../../../study/interventions/paraphrase/endpoint-source.js';
import { openParaphraseSource } from '../../../../study/interventions/paraphrase/index.js';
import { chatServer } from '../../../support/chat-server.js';
import { tempFolder } from '../../../support/temp-folder.js';

const QUERY = {
  key: 'q1',
  text: 'Lincoln spoke to the crowd for two minutes, and few of them could hear what he said that day.',
};
const REWORDINGS = [
  'For two minutes Lincoln addressed those gathered, most of whom were unable to make out his words then.',
  'Two minutes was all Lincoln took; hardly anyone among the listeners caught a word of it.',
  'Few people in the audience managed to follow the two minutes that Lincoln used for his speech.',
];

const numbered = (texts: readonly string[]) => texts.map((text, i) => `${i + 1}. ${text}`).join('\n');

describe('paraphrases by an endpoint', () => {
  it('are drawn by seed from a list that the model makes', async () => {
    const { url, requests } = await chatServer(() => `Here you are:\n\n${numbered(REWORDINGS)}\n`);
    const source = await openParaphraseSource({ url, model: 'm', listed: 3 }, '.');
    const { texts } = await source.paraphrase(QUERY, { count: 1, seed: 7 });
    expect(REWORDINGS).toContain(texts[0]);
    expect(await source.paraphrase(QUERY, { count: 1, seed: 7 })).toEqual({ texts, rejected: {} });
    const others = await Promise.all(
      Array.from({ length: 8 }, (_, seed) => source.paraphrase(QUERY, { count: 1, seed: 100 + seed })),
    );
    expect(new Set(others.map((other) => other.texts[0])).size).toBeGreaterThan(1);
    expect(requests[0]).toMatchObject({ model: 'm', seed: 7 });
    expect(requests[0]!.messages[0]!.content).toContain(QUERY.text);
    expect(requests[0]!.messages[0]!.content).toContain('List 3 rewordings');
    expect(source.name).toBe(`endpoint: m at ${url}, 3 listed`);
  });

  it('are thrown away and counted where they copy, lose a name or change a number, and asked for again', async () => {
    const bad = [
      QUERY.text,
      REWORDINGS[0]!.replace('Lincoln', 'Grant'),
      REWORDINGS[1]!.replace('Two', 'Ten'),
    ];
    const { url, requests } = await chatServer((_, request) =>
      numbered(request === 0 ? bad : [REWORDINGS[2]!]),
    );
    const source = await openParaphraseSource({ url, model: 'm', listed: 3 }, '.');
    const { texts, rejected } = await source.paraphrase(QUERY, { count: 1, seed: 1 });
    expect(texts).toEqual([REWORDINGS[2]]);
    expect(rejected).toEqual({ copy: 1, names: 1, numbers: 1 });
    expect(requests).toHaveLength(2);
  });

  it('give up after some requests where the model does not do as it is told', async () => {
    const { url, requests } = await chatServer(() => 'I am sorry, I cannot do that.');
    const source = await openParaphraseSource({ url, model: 'm', listed: 3 }, '.');
    expect(await source.paraphrase(QUERY, { count: 2, seed: 1 })).toEqual({ texts: [], rejected: {} });
    expect(requests).toHaveLength(3);
  });

  it('fail with the address and what to do where the endpoint fails', async () => {
    const { url } = await chatServer(() => 401);
    const source = await openParaphraseSource({ url, model: 'm', listed: 3 }, '.');
    await expect(source.paraphrase(QUERY, { count: 1, seed: 1 })).rejects.toThrow(url);
    await expect(
      openParaphraseSource({ url, model: 'm', listed: 3, key_env: 'NO_SUCH' }, '.'),
    ).rejects.toThrow('NO_SUCH');
  });
});

describe('numberedLines', () => {
  it('takes the items of a list, however it is marked up', () => {
    expect(numberedLines('Sure!\n1. one\n 2) "two"\n**3.** three\n- no\n\n4: four')).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
  });
});

describe('paraphrases from a file', () => {
  it('are found by key or text, and held only to not being copies', async () => {
    const folder = tempFolder();
    const rows = [
      { key: 'q1', paraphrase: REWORDINGS[0]!.replace('Lincoln', 'the president') },
      { key: QUERY.text, paraphrase: 'not looked at: the key is found first' },
      { key: 'q1', paraphrase: QUERY.text },
      { key: 'q1', paraphrase: 'Too short.' },
      { key: 7, paraphrase: REWORDINGS[1] },
    ];
    writeFileSync(join(folder, 'p.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const source = await openParaphraseSource({ file: 'p.jsonl' }, folder);
    const found = await source.paraphrase(QUERY, { count: 5, seed: 1 });
    expect(found).toEqual({ texts: [rows[0]!.paraphrase], rejected: { copy: 1, length: 1 } });
    expect((await source.paraphrase({ ...QUERY, key: '7' }, { count: 5, seed: 1 })).texts).toEqual([
      REWORDINGS[1],
    ]);
    expect((await source.paraphrase({ key: 'none', text: 'none' }, { count: 5, seed: 1 })).texts).toEqual([]);
    writeFileSync(join(folder, 'p.jsonl'), '{"key": "q1", "text": "x"}');
    await expect(openParaphraseSource({ file: 'p.jsonl' }, folder)).rejects.toThrow('p.jsonl:1');
    await expect(openParaphraseSource({ file: 'none.jsonl' }, folder)).rejects.toThrow('none.jsonl');
  });
});
