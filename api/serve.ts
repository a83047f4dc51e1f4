import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { DataError, openStudy, UsageError } from '../store/index.js';
import { createApp } from './app.js';
import { bracketed } from './security.js';

/** What is served, and where. */
export interface ServeOptions {
  studyDir: string;
  /** By default 127.0.0.1: this machine alone. */
  host?: string;
  /** By default 4860; 0 takes a free one. */
  port?: number;
  /** What every request must show; needed where others than this machine can reach the server. */
  token?: string;
  /** Refuses whatever would change the study. */
  readOnly?: boolean;
  log?: Logger;
}

/** A request must be there within this time, headers first, ms: a client that sends slowly or never ends is cut off. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2000 };
const CONNECTIONS = 512;
/** What is being answered when the server closes has this long to end, ms. */
const DRAIN_MS = 10_000;

/** A server that is listening. */
export interface RunningServer {
  url: string;
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/**
 * Serves a study's API and explorer until `close`.
 *
 * @throws DataError where the port or address cannot be had; UsageError where there is no study
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { studyDir, host = '127.0.0.1', port = 4860, token, readOnly = false, log } = options;
  if (token === undefined && !LOOPBACK.includes(host)) {
    throw new UsageError(
      `${host} can be reached from other machines: give the server a token with --token-env NAME, the name of an environment variable that holds it.`,
    );
  }
  const study = openStudy(studyDir);
  const { app, close } = createApp(study, {
    hosts: [host],
    readOnly,
    ...(token !== undefined && { token }),
    ...(log && { log, onError: (error) => log.error(error) }),
  });
  const server = createServer(TIMEOUTS, app);
  server.maxConnections = CONNECTIONS;
  try {
    await listen(server, host, port);
  } catch (error) {
    await close();
    study.close();
    throw error;
  }
  return {
    url: `http://${bracketed(host)}:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(late);
      await close();
      study.close();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new DataError(
        `Port ${port} of ${host} is in use. Stop what listens there, or serve on another port with --port (0 takes a free one).`,
      );
    case 'EACCES':
      return new DataError(`Port ${port} of ${host} is not allowed for this user; use --port 1024 or above.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new DataError(`${host} is not an address of this machine (${error.code}); change --host.`);
    default:
      return error;
  }
}
