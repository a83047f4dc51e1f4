import { useEffect, useState } from 'preact/hooks';

const SETTLED_MS = 120;

/** A value that has stayed the same for a moment, so that not every move of the pointer is worked on. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(() => value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(() => value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
