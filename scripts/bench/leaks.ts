import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mean, randomLcg, shuffler } from 'd3';
import { openParaphraseSource } from '../../study/index.js';
import { densimeter, shared } from './embedded-texts.js';
import { type BenchRow, summarise } from './row.js';

const SEEDS = [1, 2, 3];
const PLANTED_SHARE = 0.1;
/** Words in a row that a text and its leak have in common, by the rule of Brown et al. 2020, appendix C. */
const PEER_WORDS = 13;
const ALARMS = [0.05, 0.01, 0.001, 0.0001];

/** A test question: planted as it is, in other words, or not. */
type Planted = 'exact' | 'paraphrase' | 'none';

/** A question's evidence, by ours and by the peer. */
interface Judged {
  planted: Planted;
  score: number;
  suspected: boolean;
  byPeer: boolean;
}

/** A tenth of the GSM8K test questions, planted in its training questions and Alpaca, found again by `densimeter leaks`. */
export async function benchLeaks(): Promise<BenchRow[]> {
  const files = ['gsm8k/train.jsonl', 'gsm8k/test.jsonl', 'alpaca/alpaca_en_demo.json'];
  const absent = files.find((file) => !existsSync(join(shared, file)));
  if (absent !== undefined) {
    process.stderr.write(`leaks: not measured, as there is no ${join(shared, absent)}\n`);
    return [];
  }
  const runs: Judged[][] = [];
  for (const seed of SEEDS) runs.push(await hunt(seed));
  const shareOf = (planted: Planted, isFound: (one: Judged) => boolean) =>
    runs.map(
      (run) =>
        mean(
          run.filter((one) => one.planted === planted),
          (one) => Number(isFound(one)),
        )!,
    );
  const row = (name: string, planted: Planted, goal: string, isMet: (share: number) => boolean): BenchRow => {
    const ours = summarise(shareOf(planted, ({ suspected }) => suspected));
    const theirs = summarise(shareOf(planted, ({ byPeer }) => byPeer)).median;
    return {
      name,
      value: 100 * ours.median,
      unit: '%',
      range: [100 * ours.range[0], 100 * ours.range[1]],
      against: `${PEER_WORDS} words in a row in common (Brown et al. 2020): ${(100 * theirs).toFixed(2)} %`,
      ratio: theirs > 0 ? ours.median / theirs : null,
      goal,
      met: ours.range.every(isMet),
    };
  };
  const rows = [
    row('leak_exact_recall', 'exact', '≥ 95 %', (share) => share >= 0.95),
    row('leak_paraphrase_recall', 'paraphrase', '≥ 85 %', (share) => share >= 0.85),
    row('leak_false_alarms', 'none', '< 1 %', (share) => share < 0.01),
  ];
  const count = (planted: Planted) => runs[0]!.filter((one) => one.planted === planted).length;
  return rows.map((one, i) => ({
    ...one,
    note:
      i === 0
        ? `${count('exact')} questions planted as they are, ${count('paraphrase')} by the built-in paraphraser, ${count('none')} not; range over seeds ${SEEDS.join(', ')}; precision–recall by seed: ${runs.map(precisionRecall).join('; ')}`
        : 'at the default threshold, which is calibrated on the corpus itself',
  }));
}

async function hunt(seed: number): Promise<Judged[]> {
  const folder = mkdtempSync(join(tmpdir(), 'densimeter-leaks-'));
  try {
    const lines = (file: string) => readFileSync(join(shared, file), 'utf8').trim().split('\n');
    const questionsOf = (file: string): string[] =>
      lines(file).map((line) => JSON.parse(line).question.trim());
    const alpaca: { instruction: string; input: string; output: string }[] = JSON.parse(
      lines('alpaca/alpaca_en_demo.json').join('\n'),
    );
    const questions = questionsOf('gsm8k/test.jsonl');
    const { planted, leaks } = await plant(questions, seed);
    const texts = [
      ...questionsOf('gsm8k/train.jsonl'),
      ...alpaca.map(({ instruction, input, output }) => `${instruction}\n${input}\n${output}`),
      ...leaks,
    ];
    const [corpus, asked] = [join(folder, 'corpus.jsonl'), join(folder, 'questions.jsonl')];
    writeFileSync(corpus, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
    writeFileSync(asked, questions.map((text, id) => `${JSON.stringify({ id, text })}\n`).join(''));
    const study = ['--study', join(folder, 'study'), '--seed', String(seed)];
    densimeter('index', 'corpus', corpus, '--chunk', 'document', ...study);
    densimeter('queries', 'questions', asked, '--id', 'id', ...study);
    const { suspects } = JSON.parse(densimeter('leaks', '--queries', 'questions', '--json', ...study)) as {
      suspects: { text: string; score: number; suspected: boolean }[];
    };
    const runsOfWords = new Set(texts.flatMap((text) => wordRuns(text)));
    return suspects.map(({ text, score, suspected }) => {
      const byPeer = wordRuns(text).some((words) => runsOfWords.has(words));
      return { planted: planted.get(text) ?? 'none', score, suspected, byPeer };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Draws the questions that are leaked: half of them as they are, half by paraphrases, passing over those that have none. */
async function plant(questions: readonly string[], seed: number) {
  const { paraphrase } = await openParaphraseSource('builtin', '.');
  const half = Math.round((PLANTED_SHARE * questions.length) / 2);
  const drawn = shuffler(randomLcg(seed))([...questions]);
  const planted = new Map<string, Planted>(drawn.slice(0, half).map((text) => [text, 'exact']));
  const leaks = [...planted.keys()];
  for (const [i, text] of drawn.slice(half).entries()) {
    if (leaks.length === 2 * half) break;
    const { texts } = await paraphrase({ key: text, text }, { count: 1, seed: seed + i });
    if (texts[0] === undefined) continue;
    planted.set(text, 'paraphrase');
    leaks.push(texts[0]);
  }
  return { planted, leaks };
}

function wordRuns(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return Array.from({ length: Math.max(0, words.length - PEER_WORDS + 1) }, (_, i) =>
    words.slice(i, i + PEER_WORDS).join(' '),
  );
}

/** Average precision, and precision and recall of planted questions where so many of the others are suspected. */
function precisionRecall(run: readonly Judged[]): string {
  const sorted = [...run].sort((a, b) => b.score - a.score);
  const leaks = sorted.filter(({ planted }) => planted !== 'none').length;
  let [found, sum] = [0, 0];
  const precisions = sorted.map(({ planted }, i) => {
    if (planted !== 'none') sum += ++found / (i + 1);
    return { precision: found / (i + 1), recall: found / leaks, alarms: i + 1 - found };
  });
  const at = ALARMS.map((alarm) => {
    const last = precisions.findLast(({ alarms }) => alarms <= alarm * (sorted.length - leaks))!;
    return `${(100 * last.precision).toFixed(1)} % at recall ${(100 * last.recall).toFixed(1)} % (${100 * alarm} % alarms)`;
  });
  return `average ${(sum / leaks).toFixed(3)}, ${at.join(', ')}`;
}
