import { AutoModelForCausalLM, AutoTokenizer, Tensor } from '@xenova/transformers';
import { beforeAll, describe, expect, it } from 'vitest';
import { openOnnxScorer } from '../../../study/outcomes/score/onnx-scorer.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';

const MODEL = sharedData('models', 'stories260K');
const STORY =
  'Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball.';

describe('a model that is not there', () => {
  it('is refused in the library’s words', async () => {
    const open = openOnnxScorer({ model: sharedData('nowhere'), dtype: 'fp32' });
    await expect(open).rejects.toThrow(/The model ".*nowhere" cannot be loaded \(fp32\): /);
  });
});

describe.skipIf(skipping('stories260K', whyNoData('models', 'stories260K')))('stories260K', () => {
  let tokenizer: Awaited<ReturnType<typeof AutoTokenizer.from_pretrained>>;
  let model: Awaited<ReturnType<typeof AutoModelForCausalLM.from_pretrained>>;
  beforeAll(async () => {
    tokenizer = await AutoTokenizer.from_pretrained(MODEL);
    model = await AutoModelForCausalLM.from_pretrained(MODEL, { dtype: 'fp32', device: 'cpu' });
  });

  /** −log p(token | before) in float64, from a run of the model on just those tokens. */
  async function lossOf(token: number, before: readonly number[]): Promise<number> {
    const shape = [1, before.length];
    const { logits } = (await model({
      input_ids: new Tensor('int64', BigInt64Array.from(before, BigInt), shape),
      attention_mask: new Tensor('int64', new BigInt64Array(before.length).fill(1n), shape),
    })) as { logits: Tensor };
    const last = Array.from((logits.data as Float32Array).slice(-512));
    return Math.log(last.reduce((sum, logit) => sum + Math.exp(logit), 0)) - last[token]!;
  }

  function encode(text: string): number[] {
    return [1, ...tokenizer.encode(text, { add_special_tokens: false })];
  }

  it('gives every token the loss of a run that ends before it', async () => {
    const scorer = await openOnnxScorer({ model: MODEL, dtype: 'fp32' });
    const tokens = encode(STORY);
    let nll = 0;
    for (let i = 1; i < tokens.length; i++) nll += await lossOf(tokens[i]!, tokens.slice(0, i));
    const score = await scorer.score({ context: '', text: STORY });
    expect(score.nll).toBeCloseTo(nll, 3);
    expect(score).toMatchObject({ tokens: tokens.length - 1, bytes: STORY.length });
    expect(Math.exp(score.nll / score.tokens)).toBeLessThan(4);
    await scorer.close();
  });

  it('scores a target alone, as the rest of the whole', async () => {
    const scorer = await openOnnxScorer({ model: MODEL, dtype: 'fp32' });
    const [context, text] = [STORY.slice(0, 53), STORY.slice(53)];
    const [whole, before, target] = await Promise.all([
      scorer.score({ context: '', text: STORY }),
      scorer.score({ context: '', text: context }),
      scorer.score({ context, text }),
    ]);
    expect(target.nll).toBeCloseTo(whole.nll - before.nll, 3);
    expect(target.tokens).toBe(whole.tokens - before.tokens);
    expect(target.bytes).toBe(text.length);
  });

  it('slides a window over a longer text', async () => {
    const [window, stride] = [16, 5];
    const scorer = await openOnnxScorer({ model: MODEL, dtype: 'fp32', window, stride });
    const tokens = encode(STORY);
    let nll = 0;
    // The first window scores tokens 1 to 15; each further one the next 5, behind the 11 before them.
    for (let i = 1; i < tokens.length; i++) {
      const begin =
        i < window
          ? 0
          : Math.min(window + stride * Math.ceil((i - window + 1) / stride), tokens.length) - window;
      nll += await lossOf(tokens[i]!, tokens.slice(begin, i));
    }
    const score = await scorer.score({ context: '', text: STORY });
    expect(score.nll).toBeCloseTo(nll, 3);
    expect(score.tokens).toBe(tokens.length - 1);
    expect(scorer.settings).toMatchObject({ window, stride, dtype: 'fp32', first: 1 });
  });

  it('scores a text longer than the model sees', async () => {
    const scorer = await openOnnxScorer({ model: MODEL, dtype: 'q8' });
    const score = await scorer.score({ context: '', text: `${STORY} `.repeat(20) });
    expect(score.tokens).toBeGreaterThan(600);
    expect(score.nll / score.tokens).toBeLessThan(2);
  });

  it.each([
    [{ window: 1024 }, /window is 1024 tokens; the model sees 2 to 512/],
    [{ window: 64, stride: 64 }, /stride is 64 tokens; with a window of 64 it is 1 to 63/],
  ])('refuses %j', async (options, message) => {
    await expect(openOnnxScorer({ model: MODEL, dtype: 'fp32', ...options })).rejects.toThrow(message);
  });
});
