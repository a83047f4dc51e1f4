import type { Command } from 'commander';
import { type CommonOptions, integer, withCommonOptions } from './common-options.js';

interface ServeOptions extends CommonOptions {
  host: string;
  port: number;
}

/** Adds `densimeter serve`. */
export function addServeCommand(program: Command): void {
  withCommonOptions(
    program
      .command('serve')
      .description('show a study in the browser')
      .option('--host <address>', 'the address to listen on', '127.0.0.1')
      .option('--port <number>', 'the port to listen on; 0 takes a free one', integer, 4860),
  )
    .addHelpText('after', '\nExample:\n  densimeter serve --study demo --port 4860')
    .action(async ({ study, host, port, json, quiet }: ServeOptions) => {
      const { serve } = await import('../api/index.js');
      const server = await serve({ studyDir: study, host, port });
      if (json) process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
      else if (!quiet) process.stdout.write(`${study} is shown at ${server.url} (Ctrl-C ends it)\n`);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
    });
}
