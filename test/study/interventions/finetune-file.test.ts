import { expect, it } from 'vitest';
import type { Query } from '../../../store/index.js';
import { finetuneLine } from '../../../study/interventions/finetune-file.js';

const query = { key: 'q"1', meta: { answer: '42', no: null } } as unknown as Query; // the rest is not looked at

it.each([
  [{ shape: 'text' as const }, { text: 'Why?\n"' }],
  [{ shape: 'text' as const, answer: 'answer' }, { text: 'Why?\n" 42' }],
  [
    { shape: 'completion' as const, answer: 'answer' },
    { prompt: 'Why?\n"', completion: '42' },
  ],
  [
    { shape: 'instruction' as const, answer: 'answer' },
    { instruction: 'Why?\n"', input: '', output: '42' },
  ],
])('writes %j', (format, wanted) => {
  const line = finetuneLine('Why?\n"', query, format);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual(wanted);
});

it('writes a conversation', () => {
  expect(JSON.parse(finetuneLine('Why?', query, { shape: 'messages', answer: 'answer' }))).toEqual({
    messages: [
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: '42' },
    ],
  });
});

it('says which query lacks its answer', () => {
  const write = (answer?: string) => finetuneLine('Why?', query, { shape: 'messages', answer });
  expect(() => write()).toThrow('Name the field that has the answer');
  expect(() => write('solution')).toThrow('Query "q\\"1" has no field "solution"; it has: answer, no.');
  expect(() => write('no')).toThrow('has no field "no"');
});
