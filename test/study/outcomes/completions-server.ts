import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PromptToken } from '../../../study/outcomes/score/endpoint-answer.js';

/** How a server answers. */
export interface ServerOptions {
  tokens(prompt: string): PromptToken[] | Promise<PromptToken[]>;
  way: 'echo' | 'prompt_logprobs' | 'none';
  /** The status to fail a request with, by its number from 0. */
  fail?(request: number): number | undefined;
}

/** A running server, and what it was asked. */
export interface CompletionsServer {
  url: string;
  requests: Record<string, unknown>[];
  close(): Promise<void>;
}

/** A real HTTP server on this machine that speaks `/v1/completions`: as OpenAI's echo does, or as vLLM's prompt_logprobs. */
export async function completionsServer(options: ServerOptions): Promise<CompletionsServer> {
  const requests: CompletionsServer['requests'] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const failure = options.fail?.(requests.length);
    requests.push({ ...body, path: request.url });
    if (failure !== undefined) return send(failure, { error: { message: `failed with ${failure}` } });
    // As vLLM does for what it does not serve.
    if (options.way !== 'echo' && body.echo)
      return send(400, { error: { message: 'echo is not supported' } });
    const tokens = await options.tokens(String(body.prompt));
    const usage = { prompt_tokens: tokens.length, completion_tokens: 1 };
    send(200, { object: 'text_completion', choices: [choiceOf(tokens, body)], usage });
  }

  function choiceOf(tokens: readonly PromptToken[], body: Record<string, unknown>) {
    if (options.way === 'echo') {
      const all = [...tokens, { text: '!', logprob: -9 }];
      const logprobs = {
        tokens: all.map(({ text }) => text),
        token_logprobs: all.map(({ logprob }) => logprob),
      };
      return { index: 0, text: all.map(({ text }) => text).join(''), logprobs, finish_reason: 'length' };
    }
    const entries = tokens.map(({ text, logprob }, i) =>
      logprob === null ? null : { [String(100 - i)]: { logprob, rank: 3, decoded_token: text } },
    );
    const asked = options.way === 'prompt_logprobs' && 'prompt_logprobs' in body;
    return { index: 0, text: '!', logprobs: null, prompt_logprobs: asked ? entries : null };
  }
}
