import { type Logger, pino } from 'pino';

/** What a server logs with. */
export interface ServerLog {
  log: Logger;
  /** Writes what is still held, as far as stderr takes it. */
  end(): void;
}

/** Held lines that stderr has not taken, characters; later ones are dropped. */
const MOST_HELD = 2 ** 20;

/** Logs JSON lines to stderr and never waits for its reader: one that has stopped reading must not stop the server, nor its end. */
export function openServerLog(level: string): ServerLog {
  let isEnding = false;
  const stderr = pino.destination({
    dest: 2,
    sync: false,
    maxLength: MOST_HELD,
    retryEAGAIN: () => !isEnding,
  });
  return {
    log: pino({ level }, stderr),
    end() {
      isEnding = true;
      try {
        stderr.flushSync();
      } catch {
        // Nobody reads it.
      }
      stderr.destroy();
    },
  };
}
