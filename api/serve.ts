import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataError, openStudy } from '../store/index.js';
import { createApp } from './app.js';
import { bracketed } from './security.js';

/** What is served, and where. */
export interface ServeOptions {
  studyDir: string;
  /** By default 127.0.0.1: this machine alone. */
  host?: string;
  /** By default 4860; 0 takes a free one. */
  port?: number;
}

/** A server that is listening. */
export interface RunningServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves a study's API and explorer until `close`.
 *
 * @throws DataError where the port or address cannot be had; UsageError where there is no study
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { studyDir, host = '127.0.0.1', port = 4860 } = options;
  const study = openStudy(studyDir);
  const server = createServer(createApp(study, { hosts: [host] }));
  try {
    await listen(server, host, port);
  } catch (error) {
    study.close();
    throw error;
  }
  return {
    url: `http://${bracketed(host)}:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
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
