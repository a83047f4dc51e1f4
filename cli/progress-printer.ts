import type { OnProgress, Progress } from '../store/index.js';

/** Shows progress and lines on stderr. */
export interface ProgressPrinter {
  onProgress: OnProgress;
  /** Prints a line above the progress. */
  say(line: string): void;
  /** Clears the progress line. */
  end(): void;
}

interface Clock {
  step: string;
  start: number;
  from: number;
  shown: number;
}

const TTY_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5000;
/** A step shorter than this shows no progress. */
const QUIET_MS = 1000;

/** Prints progress with rate and time left: one moving line on a terminal, a plain line every 5 s elsewhere. */
export function progressPrinter(
  options: { quiet: boolean },
  stream: NodeJS.WriteStream = process.stderr,
): ProgressPrinter {
  if (options.quiet) return { onProgress: () => {}, say: () => {}, end: () => {} };
  let clock: Clock | undefined;
  const interval = stream.isTTY ? TTY_INTERVAL_MS : PLAIN_INTERVAL_MS;
  const clear = () => {
    if (stream.isTTY) stream.write('\r\u001b[K');
  };
  return {
    onProgress(progress) {
      const now = performance.now();
      if (clock?.step !== progress.step) {
        clock = { step: progress.step, start: now, from: progress.done, shown: now - interval + QUIET_MS };
      }
      if (now - clock.shown < interval) return;
      clock.shown = now;
      clear();
      stream.write(`  ${lineOf(progress, clock, now)}${stream.isTTY ? '' : '\n'}`);
    },
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end: clear,
  };
}

function lineOf({ step, done, total, unit, also }: Progress, { start, from }: Clock, now: number): string {
  const rate = (done - from) / ((now - start) / 1000);
  const amount = total === undefined ? count(done) : `${count(done)} of ${count(total)}`;
  const speed = rate > 0 ? `, ${count(rate)}/s` : '';
  const left = total !== undefined && rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
  return `${step}: ${amount} ${unit}${speed}${also ? `, ${also}` : ''}${left}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
