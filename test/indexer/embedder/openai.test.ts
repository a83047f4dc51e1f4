import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenAiChoice } from '../../../indexer/embedder/embedder-choice.js';
import { type OpenAiOptions, openOpenAi } from '../../../indexer/embedder/openai.js';
import { openTokenizer } from '../../../indexer/index.js';
import { DataError, UsageError } from '../../../store/index.js';

interface Request {
  url: string;
  authorization: string | undefined;
  input: string[];
  body: Record<string, unknown>;
}

/** Whether it has answered; where it has not, the server answers as it should. */
type Behaviour = (request: Request, response: ServerResponse) => boolean | Promise<boolean>;

const KEY = 'sk-very-secret-0123456789';
const DIMS = 4;

let server: Server;
let url: string;
let requests: Request[];
let behaviour: Behaviour;

/** A vector that tells its text: its length and its first characters. */
function vectorOf(text: string): number[] {
  return [text.length, ...[0, 1, 2].map((i) => text.charCodeAt(i) || 1)];
}
function unitOf(text: string): number[] {
  const vector = vectorOf(text);
  return vector.map((x) => x / Math.hypot(...vector));
}
const base64Of = (vector: number[]) => Buffer.from(Float32Array.from(vector).buffer).toString('base64');
const item = (text: string, index: number) => ({ object: 'embedding', index, embedding: vectorOf(text) });

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
  return true;
}
const fail = (response: ServerResponse, status: number, message: string) =>
  send(response, status, { error: { message } }, { 'retry-after-ms': '1' });
const answer = (response: ServerResponse, data: unknown[], more: object = {}) =>
  send(response, 200, { object: 'list', data, ...more });

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
}

beforeEach(async () => {
  requests = [];
  behaviour = () => false;
  server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming);
    const request: Request = {
      url: incoming.url!,
      authorization: incoming.headers.authorization,
      input: body.input as string[],
      body,
    };
    requests.push(request);
    if (!(await behaviour(request, response))) answer(response, request.input.map(item));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  process.env.DENSIMETER_TEST_KEY = KEY;
});
afterEach(async () => {
  delete process.env.DENSIMETER_TEST_KEY;
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const open = (more: Partial<OpenAiChoice> = {}, options: OpenAiOptions = {}) =>
  openOpenAi({ kind: 'openai', url, model: 'some-model', ...more }, options);

/** A behaviour for everything but the probe, which is of one text "a". */
const afterProbe =
  (then: Behaviour): Behaviour =>
  (request, response) =>
    request.input[0] === 'a' ? false : then(request, response);

const texts = (count: number) => Array.from({ length: count }, (_, i) => `text number ${i}`);
const rowsOf = (vectors: Float32Array) =>
  Array.from({ length: vectors.length / DIMS }, (_, i) => [...vectors.subarray(i * DIMS, (i + 1) * DIMS)]);
function expectVectors(vectors: Float32Array, of: string[]): void {
  const rows = rowsOf(vectors);
  expect(rows).toHaveLength(of.length);
  of.forEach((text, i) => {
    unitOf(text).forEach((x, j) => {
      expect(rows[i]![j]!).toBeCloseTo(x, 6);
    });
  });
}

describe('an endpoint', () => {
  it('is asked in batches, and its vectors come in the order of the texts at length 1', async () => {
    const embedder = await open({ batch: 10 });
    expect(embedder).toMatchObject({ name: 'openai:some-model', dims: DIMS, maxTokens: 8192, parallel: 2 });
    requests = [];
    expectVectors((await embedder.embed(texts(25))).vectors, texts(25));
    expect(requests.map(({ input }) => input.length).sort()).toEqual([10, 10, 5]);
    expect(requests[0]).toMatchObject({ url: '/v1/embeddings', body: { model: 'some-model' } });
    expect(rowsOf((await embedder.embed([])).vectors)).toEqual([]);
  });

  it.each(['/', '/embeddings'])('may be named with %s at its end', async (end) => {
    url += end;
    await open();
    expect(requests[0]!.url).toBe('/v1/embeddings');
  });

  it('may answer in base64, and in any order', async () => {
    behaviour = ({ input }, response) =>
      answer(
        response,
        input.map((text, index) => ({ index, embedding: base64Of(vectorOf(text)) })).reverse(),
      );
    expectVectors((await (await open()).embed(texts(7))).vectors, texts(7));
  });

  it('is asked for shorter vectors where dims are given, and held to them', async () => {
    await open({ dims: DIMS });
    expect(requests[0]!.body).toMatchObject({ dimensions: DIMS });
    await expect(open({ dims: 9 })).rejects.toThrow('gives vectors of 4 dims, not 9');
  });

  it('has a fingerprint of model, dims and prefixes, not of the host', async () => {
    const prefix = { query: 'q: ', passage: 'p: ' };
    const plain = await open();
    const elsewhere = await open({ url: url.replace('127.0.0.1', 'localhost') });
    const others = [await open({ model: 'other' }), await open({ prefix })];
    expect(elsewhere.fingerprint).toBe(plain.fingerprint);
    expect(new Set([plain, ...others].map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });

  it('is sent the prefix of the role', async () => {
    const embedder = await open({ prefix: { query: 'q: ', passage: 'p: ' } });
    await embedder.embed(['one'], 'query');
    await embedder.embed(['one']);
    expect(requests.slice(-2).map(({ input }) => input)).toEqual([['q: one'], ['p: one']]);
  });

  it('tells tokens, or has them estimated', async () => {
    const embedder = await open();
    const estimate = texts(3).reduce((sum, text) => sum + openTokenizer().encode(text).length, 0);
    expect((await embedder.embed(texts(3))).tokens).toBe(estimate);
    expect(embedder.countTokens('text number 0')).toBe(openTokenizer().encode('text number 0').length);
    behaviour = ({ input }, response) =>
      answer(response, input.map(item), { usage: { prompt_tokens: 17, total_tokens: 17 } });
    expect((await embedder.embed(texts(3))).tokens).toBe(17);
  });

  it('has no more requests under way than it is told', async () => {
    const embedder = await open({ batch: 1, concurrency: 3 });
    let [now, most] = [0, 0];
    const waiting: (() => void)[] = [];
    behaviour = async ({ input }, response) => {
      most = Math.max(most, ++now);
      // Answers go out by threes: with fewer under way, nothing would.
      await new Promise<void>((go) => {
        waiting.push(go);
        if (waiting.length === 3) for (const one of waiting.splice(0)) one();
      });
      now--;
      return answer(response, input.map(item));
    };
    const [some, others] = await Promise.all([embedder.embed(texts(6)), embedder.embed(texts(6))]);
    expectVectors(some.vectors, texts(6));
    expectVectors(others.vectors, texts(6));
    expect(most).toBe(3);
  });
});

describe('an endpoint that is busy or fails', () => {
  it('is asked again after 429 and 5xx', async () => {
    const embedder = await open();
    const statuses = [429, 500, 503];
    behaviour = (_, response) => {
      const status = statuses.shift();
      return status !== undefined && fail(response, status, 'not now');
    };
    expectVectors((await embedder.embed(texts(2))).vectors, texts(2));
    expect(requests).toHaveLength(1 + 4);
  });

  it('is told of after the last retry, with its words and what to do', async () => {
    const embedder = await open({}, { retries: 3 });
    behaviour = (_, response) => fail(response, 500, `the model fell over ${'and over '.repeat(100)}`);
    const failing = embedder.embed(texts(2));
    await expect(failing).rejects.toBeInstanceOf(DataError);
    await expect(failing).rejects.toThrow(
      /http:\/\/127\.0\.0\.1:\d+\/v1 answers 500: the model fell over .{100,190}… .*Run the same command again: it goes on where it was\./,
    );
    expect(requests).toHaveLength(1 + 4);
  });

  it('is asked again where it breaks off amid an answer', async () => {
    const embedder = await open();
    let broken = 0;
    behaviour = (_, response) => {
      if (broken++ > 0) return false;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"data": [', () => response.destroy());
      return true;
    };
    expectVectors((await embedder.embed(texts(2))).vectors, texts(2));
    expect(broken).toBe(2);
  });

  it('is told of where it breaks off always', async () => {
    const embedder = await open({}, { retries: 1 });
    behaviour = (_, response) => {
      response.destroy();
      return true;
    };
    await expect(embedder.embed(texts(2))).rejects.toThrow(
      /breaks off the connection .*Run the same command again/,
    );
  });

  it('is told of where it is gone', async () => {
    const embedder = await open({}, { retries: 1 });
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await expect(embedder.embed(texts(2))).rejects.toThrow(
      /No server answers at http:\/\/127\.0\.0\.1:\d+\/v1 \(ECONNREFUSED\).*Run the same command again: it goes on where it was/,
    );
    await expect(open({}, { retries: 0 })).rejects.toThrow('No server answers');
    await new Promise<void>((done) => server.listen(0, done));
  });

  it.each([
    [401, 'wrong key', /answers 401: wrong key\. The key in DENSIMETER_TEST_KEY is refused/],
    [404, 'no such model', /answers 404: no such model\. Check the url, .* and the model "some-model"/],
    [400, 'no', /answers 400: no\. Check the model/],
  ])('is not asked again after %i', async (status, message, words) => {
    const embedder = await open({ keyEnv: 'DENSIMETER_TEST_KEY' });
    behaviour = (_, response) => fail(response, status, message);
    await expect(embedder.embed(texts(2))).rejects.toThrow(words);
    expect(requests).toHaveLength(2);
  });

  it('has its other requests given up', async () => {
    const embedder = await open({ batch: 1, concurrency: 1 });
    behaviour = (_, response) => fail(response, 400, 'no');
    await expect(embedder.embed(texts(9))).rejects.toThrow('answers 400');
    behaviour = () => false;
    expectVectors((await embedder.embed(texts(1))).vectors, texts(1));
    expect(requests).toHaveLength(3);
  });
});

describe('a batch that is too large', () => {
  it.each([
    [413, 'Payload Too Large'],
    [400, 'This model’s maximum context length is exceeded'],
    [422, 'batch size 8 > maximum allowed batch size 2'],
    [500, 'input is too large to process. increase the physical batch size'],
  ])('is halved after %i', async (status, message) => {
    const embedder = await open({ batch: 8, concurrency: 1 });
    requests = [];
    behaviour = ({ input }, response) => input.length > 2 && fail(response, status, message);
    expectVectors((await embedder.embed(texts(16))).vectors, texts(16));
    const sizes = requests.map(({ input }) => input.length);
    expect(sizes.slice(0, 4)).toEqual([8, 4, 2, 2]);
    requests = [];
    expectVectors((await embedder.embed(texts(16))).vectors, texts(16));
    expect(requests.every(({ input }) => input.length === 2)).toBe(true);
  });

  it('with one text that is too long is told by the text’s index', async () => {
    const embedder = await open({ batch: 4 });
    behaviour = ({ input }, response) =>
      input.some((text) => text.length > 50) && fail(response, 413, 'input is too long');
    const some = texts(10);
    some[6] = 'a long text '.repeat(10);
    const failing = embedder.embed(some);
    await expect(failing).rejects.toThrow(
      /^Text 6 is too long for "some-model" at http.*413: input is too long\. Cut/,
    );
    await expect(failing).rejects.toBeInstanceOf(DataError);
  });
});

describe('an answer that cannot be used', () => {
  it.each<[string, (input: string[]) => unknown[], RegExp]>([
    ['too few vectors', (input) => input.slice(1).map(item), /answers 3 texts with 2 vectors/],
    ['an index twice', (input) => input.map((text) => item(text, 1)), /two or more vectors of index 1/],
    ['an index too far', (input) => input.map((text, i) => item(text, i + 1)), /index 3/],
    [
      'another number of dims',
      (input) => input.map((text, index) => ({ index, embedding: vectorOf(text).slice(index) })),
      /text 1 a vector of 3 dims, others of 4/,
    ],
    [
      'null for a number',
      (input) =>
        input.map((_, index) => ({ index, embedding: index === 2 ? [1, null, 1, 1] : [1, 1, 1, 1] })),
      /Text 2 has a vector that is not finite/,
    ],
    [
      'NaN in base64',
      (input) => input.map((_, index) => ({ index, embedding: base64Of([1, Number.NaN, 1, 1]) })),
      /Text 0 has a vector that is not finite/,
    ],
    [
      'a zero vector',
      (input) => input.map((_, index) => ({ index, embedding: [0, 0, 0, 0] })),
      /Text 0 has a zero vector/,
    ],
    ['no embedding', (input) => input.map((_, index) => ({ index })), /gives no embeddings/],
  ])('has %s', async (_, data, words) => {
    const embedder = await open();
    behaviour = afterProbe(({ input }, response) => answer(response, data(input)));
    const failing = embedder.embed(texts(3));
    await expect(failing).rejects.toThrow(words);
    await expect(failing).rejects.toBeInstanceOf(DataError);
  });

  it('is no JSON, or no answer of embeddings', async () => {
    const embedder = await open();
    behaviour = (_, response) => send(response, 200, '{"data": [{"index": 0, "embedding": [NaN]}]}');
    await expect(embedder.embed(texts(1))).rejects.toThrow(/gives an answer that is not JSON/);
    behaviour = (_, response) => send(response, 200, '<html>', { 'content-type': 'text/html' });
    await expect(embedder.embed(texts(1))).rejects.toThrow(/gives no embeddings/);
  });

  it('is not waited for where a text is empty', async () => {
    const embedder = await open();
    await expect(embedder.embed(['one', ' '])).rejects.toThrow('Text 1 is empty');
    expect(requests).toHaveLength(1);
  });
});

describe('the key', () => {
  it('is sent, from the variable that is named', async () => {
    await open({ keyEnv: 'DENSIMETER_TEST_KEY' });
    expect(requests[0]!.authorization).toBe(`Bearer ${KEY}`);
  });

  it('is not needed', async () => {
    await open();
    expect(requests[0]!.authorization).toMatch(/^Bearer /);
  });

  it('is wanted where a variable is named', async () => {
    await expect(open({ keyEnv: 'DENSIMETER_NO_KEY' })).rejects.toThrow(
      /DENSIMETER_NO_KEY, which is not set/,
    );
    await expect(open({ keyEnv: 'DENSIMETER_NO_KEY' })).rejects.toBeInstanceOf(UsageError);
  });

  it('is in no message, nor are credentials of the url', async () => {
    const secret = url.replace('//', '//someone:pass%2Fword@');
    behaviour = (request, response) => fail(response, 401, `bad ${request.authorization} pass/word`);
    for (const keyEnv of [undefined, 'DENSIMETER_TEST_KEY']) {
      const error = await open({ url: `${secret}?token=hidden`, keyEnv }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DataError);
      const said = `${(error as Error).stack} ${JSON.stringify(error)}`;
      expect(said).toContain(`${url} answers 401`);
      const basic = Buffer.from('someone:pass/word').toString('base64');
      for (const word of [KEY, 'pass/word', 'pass%2Fword', 'someone', 'hidden', basic]) {
        expect(said).not.toContain(word);
      }
    }
    expect(requests[0]!.authorization).toMatch(/^Basic /);
    expect(requests[0]!.url).toBe('/v1/embeddings?token=hidden');
  });

  it('is no part of the embedder', async () => {
    const embedder = await open({ keyEnv: 'DENSIMETER_TEST_KEY' });
    expect(embedder.fingerprint).toBe((await open()).fingerprint);
    expect(JSON.stringify(embedder)).not.toContain(KEY);
  });

  it('is for a url that is one', async () => {
    for (const wrong of ['nonsense', 'ftp://host/v1']) {
      await expect(open({ url: wrong })).rejects.toBeInstanceOf(UsageError);
    }
  });
});
