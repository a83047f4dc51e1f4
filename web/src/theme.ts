const KEY = 'densimeter-theme';

type Theme = 'light' | 'dark';

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** Makes a button switch between light and dark; the choice is kept, and the system's holds without one. */
export function startTheme(toggle: HTMLElement, onChange: () => void): void {
  const chosen = stored();
  if (chosen) document.documentElement.dataset.theme = chosen;
  label(toggle);
  toggle.addEventListener('click', () => {
    const theme = current() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    store(theme);
    label(toggle);
    onChange();
  });
  systemDark.addEventListener('change', () => {
    label(toggle);
    onChange();
  });
}

function current(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return systemDark.matches ? 'dark' : 'light';
}

function label(toggle: HTMLElement): void {
  toggle.textContent = current() === 'dark' ? 'Light' : 'Dark';
  toggle.setAttribute('aria-label', `Use ${current() === 'dark' ? 'light' : 'dark'} colours`);
}

function stored(): Theme | null {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : null;
}

function store(theme: Theme): void {
  localStorage.setItem(KEY, theme);
}
