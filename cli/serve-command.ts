import { type Command, Option } from 'commander';
import type { RunningServer } from '../api/index.js';
import { UsageError } from '../store/index.js';
import { type CommonOptions, integer, withCommonOptions } from './common-options.js';
import type { ServerLog } from './server-log.js';

interface ServeOptions extends CommonOptions {
  host: string;
  port: number;
  tokenEnv?: string;
  readOnly?: boolean;
  open?: boolean;
  log: string;
}

/** Shorter tokens can be guessed. */
const TOKEN_CHARACTERS = 16;

/** Adds `densimeter serve`. */
export function addServeCommand(program: Command): void {
  withCommonOptions(
    program
      .command('serve')
      .argument('[study-dir]', 'as --study')
      .description('show a study in the browser')
      .option('--host <address>', 'the address to listen on', '127.0.0.1')
      .option('--port <number>', 'the port to listen on; 0 takes a free one', integer, 4860)
      .option(
        '--token-env <name>',
        'an environment variable that holds a token which every request must show',
      )
      .option('--read-only', 'refuse whatever would change the study')
      .option('--open', 'open the page in the browser')
      .addOption(
        new Option('--log <level>', 'what to log on stderr, as JSON lines without texts or tokens')
          .choices(['debug', 'info', 'warn', 'error', 'silent'])
          .default('warn'),
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  densimeter serve demo --port 4860
  DENSIMETER_TOKEN=$(openssl rand -hex 16) densimeter serve --host 0.0.0.0 --token-env DENSIMETER_TOKEN

Densities by REST: POST /api/v1/density; the API describes itself at /api/v1/openapi.json.`,
    )
    .action(async (dir: string | undefined, options: ServeOptions) => {
      const { host, port, tokenEnv, readOnly = false, log: level, json, quiet } = options;
      const study = dir ?? options.study;
      const { serve } = await import('../api/index.js');
      const { openServerLog } = await import('./server-log.js');
      const log = openServerLog(level);
      const token = tokenEnv === undefined ? undefined : tokenOf(tokenEnv);
      const server = await serve({
        studyDir: study,
        host,
        port,
        readOnly,
        log: log.log,
        ...(token !== undefined && { token }),
      });
      if (json) process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
      else if (!quiet) process.stdout.write(`${study} is shown at ${server.url} (Ctrl-C ends it)\n`);
      if (options.open) await openInBrowser(server.url);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(server, log));
    });
}

/** Ends what is being answered, and then the process, whatever a library still keeps open. */
async function end(server: RunningServer, log: ServerLog): Promise<void> {
  await server.close();
  log.end();
  process.exit();
}

/** A browser that cannot be opened is no reason to stop serving. */
async function openInBrowser(url: string): Promise<void> {
  const { default: open } = await import('open');
  const browser = await open(url).catch(() => undefined);
  browser?.once('error', () => {});
}

function tokenOf(name: string): string {
  const token = process.env[name];
  if (token !== undefined && /^[\x21-\x7e]+$/.test(token) && token.length >= TOKEN_CHARACTERS) return token;
  throw new UsageError(
    `--token-env: the environment variable ${name} must hold a token of at least ${TOKEN_CHARACTERS} visible ASCII characters.`,
  );
}
