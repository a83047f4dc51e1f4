import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** What a chat server was asked. */
export interface Asked {
  model: string;
  seed: number;
  messages: { content: string }[];
}

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

/** A real HTTP server on this machine that speaks `/v1/chat/completions`, until the end of the test; a number is answered as that status. */
export async function chatServer(answer: (asked: Asked, request: number) => string | number) {
  const requests: Asked[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const asked = JSON.parse(Buffer.concat(parts).toString('utf8')) as Asked;
    const content = answer(asked, requests.length);
    requests.push(asked);
    const isFailure = typeof content === 'number';
    const message = { role: 'assistant', content };
    const body = isFailure
      ? { error: { message: 'no' } }
      : { choices: [{ index: 0, message, finish_reason: 'stop' }] };
    response
      .writeHead(isFailure ? content : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}
