/** Turns Ctrl-C into a stop that keeps what was done; a second one ends the process at once. */
export function stopOnSignal({ say }: { say(line: string): void }): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => {
    say('Stopping behind what is under way … (Ctrl-C again ends at once)');
    controller.abort();
    end();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, stop);
  function end(): void {
    for (const signal of signals) process.off(signal, stop);
  }
  return { signal: controller.signal, end };
}
