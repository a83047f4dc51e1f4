import { AutoModelForCausalLM, AutoTokenizer, type Tensor } from '@xenova/transformers';
import { afterEach, describe, expect, it } from 'vitest';
import { openEndpointScorer } from '../../../study/outcomes/score/endpoint-scorer.js';
import { openOnnxScorer } from '../../../study/outcomes/score/onnx-scorer.js';
import type { Scorer } from '../../../study/outcomes/score/scorer.js';
import { tokenLosses } from '../../../study/outcomes/score/token-losses.js';
import { sharedData, whyNoData } from '../../support/shared-data.js';
import { skipping } from '../../support/skipping.js';
import { type CompletionsServer, completionsServer, type ServerOptions } from './completions-server.js';

let server: CompletionsServer | undefined;
let scorer: Scorer | undefined;
afterEach(async () => {
  await scorer?.close();
  await server?.close();
  server = undefined;
  scorer = undefined;
});

/** Words with the space before them; each costs its length in nats, the first is not scored. */
function words(prompt: string) {
  return (prompt.match(/\s*\S+/g) ?? []).map((text, i) => ({ text, logprob: i === 0 ? null : -text.length }));
}

async function open(options: Partial<ServerOptions>): Promise<Scorer> {
  server = await completionsServer({ tokens: words, way: 'echo', ...options });
  scorer = await openEndpointScorer({ url: server.url, model: 'm', retries: 2 });
  return scorer;
}

describe.each(['echo', 'prompt_logprobs'] as const)('an endpoint with %s', (way) => {
  it('scores a text but for its first token', async () => {
    const { score, settings } = await open({ way });
    expect(await score({ context: '', text: 'ab cde f' })).toEqual({ nll: 6, tokens: 2, bytes: 6 });
    expect(settings).toEqual({ url: server!.url, model: 'm', logprobs: way });
    expect(server!.requests.at(-1)).toMatchObject({
      path: '/v1/completions',
      prompt: 'ab cde f',
      max_tokens: 1,
    });
  });

  it('scores a target alone', async () => {
    const { score } = await open({ way });
    expect(await score({ context: 'ab cde ', text: 'fé g' })).toEqual({ nll: 5, tokens: 2, bytes: 5 });
  });

  it('does not take a token that begins texts from their bytes', async () => {
    const tokens = (prompt: string) => [
      { text: '<s>', logprob: null },
      { text: prompt, logprob: -2 },
    ];
    const { score } = await open({ way, tokens });
    expect(await score({ context: '', text: 'été' })).toEqual({ nll: 2, tokens: 1, bytes: 5 });
  });
});

describe('an endpoint', () => {
  it('is asked again where it fails for a while, and its failures are told', async () => {
    const { score } = await open({ fail: (request) => (request === 1 ? 503 : undefined) });
    expect(await score({ context: '', text: 'ab c' })).toMatchObject({ nll: 2 });
    expect(server!.requests).toHaveLength(3);
    await server!.close();
    await expect(score({ context: '', text: 'ab c' })).rejects.toThrow(/No server answers at http:/);
  });

  it('is refused where it tells no log likelihoods', async () => {
    await expect(open({ way: 'none' })).rejects.toThrow(/echo is not supported/);
    const empty = open({ tokens: () => [] });
    await expect(empty).rejects.toThrow(/tells no log likelihoods of a prompt, neither with echo/);
    await expect(openEndpointScorer({ url: 'nowhere', model: 'm' })).rejects.toThrow(
      "endpoint's url is not one",
    );
  });

  it('cannot score a text of one token', async () => {
    const { score } = await open({});
    await expect(score({ context: '', text: 'ab' })).rejects.toThrow(
      'no log likelihood for any of its tokens',
    );
  });
});

const MODEL = sharedData('models', 'stories260K');

describe.skipIf(skipping('stories260K', whyNoData('models', 'stories260K')))(
  'a real model behind HTTP',
  () => {
    it.each(['echo', 'prompt_logprobs'] as const)('scores as it does here (%s)', async (way) => {
      const here = await openOnnxScorer({ model: MODEL, dtype: 'fp32' });
      const tokenizer = await AutoTokenizer.from_pretrained(MODEL);
      const model = await AutoModelForCausalLM.from_pretrained(MODEL, { dtype: 'fp32', device: 'cpu' });
      const tokens = async (prompt: string) => {
        const ids = [1, ...tokenizer.encode(prompt, { add_special_tokens: false })];
        const { logits } = (await model(tokenizer(prompt))) as { logits: Tensor };
        const losses = tokenLosses(logits.data as Float32Array, 512, ids, 1);
        const pieces = tokenizer.tokenize(prompt).map((piece) => piece.replaceAll('▁', ' '));
        expect(pieces).toHaveLength(losses.length);
        const scored = pieces.map((text, i) => ({ text, logprob: -losses[i]! }));
        return [{ text: '<s>', logprob: null }, ...scored];
      };
      const { score } = await open({ way, tokens });
      for (const pair of [
        { context: '', text: 'Once upon a time there was a dog.' },
        { context: 'Once upon a time', text: ' there was a dog.' },
      ]) {
        const [there, expected] = [await score(pair), await here.score(pair)];
        expect(there.nll).toBeCloseTo(expected.nll, 3);
        expect(there).toMatchObject({ tokens: expected.tokens, bytes: expected.bytes });
      }
      await here.close();
    });
  },
);
