import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { Paths } from './paths.js';

/** A client of densimeter's API whose paths, parameters and answers are typed. */
export type DensimeterClient = Client<Paths, Json>;

type Json = 'application/json' | 'application/problem+json';

/** Where the API is, and how to ask it. */
export interface OpenClientOptions extends Pick<ClientOptions, 'fetch'> {
  /** The server's token, where it was started with one. */
  token?: string;
}

/**
 * A client of the API of a server.
 *
 * @param url the server's address, as `densimeter serve` prints it
 * @example
 * const client = openClient('http://127.0.0.1:4860');
 * const { data, error } = await client.POST('/density', { body: { texts: ['A text.'] } });
 */
export function openClient(url: string, { token, fetch }: OpenClientOptions = {}): DensimeterClient {
  return createClient<Paths, Json>({
    baseUrl: new URL('api/v1', url.endsWith('/') ? url : `${url}/`).href,
    ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
    ...(fetch && { fetch }),
  });
}
