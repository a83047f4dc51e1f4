import { useEffect, useRef, useState } from 'preact/hooks';

/** How far an answer is. The one before stays while another is on its way. */
export interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isLoading: boolean;
  retry(): void;
}

/**
 * Asks whenever the key changes, and forgets the question before.
 *
 * @param key tells questions apart; null asks nothing
 */
export function useAnswer<T>(key: string | null, ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [answer, setAnswer] = useState<{ key: string; data?: T; error?: unknown }>();
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (key === null) return;
    const gone = new AbortController();
    latest.current(gone.signal).then(
      (data) => !gone.signal.aborted && setAnswer({ key, data }),
      (error: unknown) => !gone.signal.aborted && setAnswer({ key, error }),
    );
    return () => gone.abort();
  }, [key, attempt]);
  const isCurrent = answer?.key === key;
  return {
    data: key === null ? undefined : answer?.data,
    error: isCurrent ? answer?.error : undefined,
    isLoading: key !== null && !isCurrent,
    retry: () => {
      setAnswer(undefined);
      setAttempt(attempt + 1);
    },
  };
}
