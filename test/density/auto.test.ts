import { afterAll, expect, test } from 'vitest';
import { autoEstimator, type Points } from '../../density/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { clusteredVectors } from './clustered.js';
import { clusteredPoints, storedPoints } from './stratified/clustered-points.js';

const DIMS = 16;
const MANY = 1e9;
const opened: Points[] = [];
afterAll(() => {
  for (const { reader } of opened) reader.close();
});

async function corpora() {
  const folder = tempFolder();
  const clustered = await clusteredPoints(folder, 'pretrain', clusteredVectors(600, DIMS, 1), DIMS);
  const plain = storedPoints(folder, 'tuning', clusteredVectors(50, DIMS, 2), DIMS);
  opened.push(clustered, plain);
  return { clustered, plain };
}

test('what takes a few seconds is summed exactly', async () => {
  const { clustered } = await corpora();
  expect(autoEstimator(100, [clustered])).toEqual({
    name: 'exact',
    rule: 'auto: 100 queries × 600 points of 16 dims take a few seconds',
  });
});

test('what takes longer is drawn from lists', async () => {
  const { clustered } = await corpora();
  const { name, rule } = autoEstimator(MANY, [clustered]);
  expect(name).toBe('stratified');
  expect(rule).toMatch(/^auto: exact, 1,000,000,000 queries × 600 points of 16 dims would take about \d+ s$/);
});

test('a corpus without lists is named', async () => {
  const { clustered, plain } = await corpora();
  const { name, rule } = autoEstimator(MANY, [clustered, plain]);
  expect(name).toBe('stratified');
  expect(rule).toContain('tuning, not clustered, summed whole');
});

test('where there is no list at all the sums are exact, and it says what would help', async () => {
  const { plain } = await corpora();
  const { name, rule } = autoEstimator(MANY, [plain]);
  expect(name).toBe('exact');
  expect(rule).toContain('densimeter cluster');
});
