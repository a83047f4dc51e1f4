import { useEffect, useState } from 'preact/hooks';

const KEY = 'densimeter-theme';

export type Theme = 'light' | 'dark';

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** The theme that is shown, and a way to switch: the choice is kept, and the system's holds without one. */
export function useTheme(): [Theme, () => void] {
  const [chosen, setChosen] = useState(stored);
  const [system, setSystem] = useState<Theme>(systemDark.matches ? 'dark' : 'light');
  useEffect(() => {
    const follow = () => setSystem(systemDark.matches ? 'dark' : 'light');
    systemDark.addEventListener('change', follow);
    return () => systemDark.removeEventListener('change', follow);
  }, []);
  if (chosen) document.documentElement.dataset.theme = chosen;
  const theme = chosen ?? system;
  return [
    theme,
    () => {
      const next = theme === 'dark' ? 'light' : 'dark';
      localStorage.setItem(KEY, next);
      setChosen(next);
    },
  ];
}

function stored(): Theme | null {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : null;
}
