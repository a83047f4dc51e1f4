import { useEffect, useRef, useState } from 'preact/hooks';
import { useStudy } from '../data/study.js';
import { hrefOf, useNavigation } from './navigation.js';
import { VIEWS, type View } from './state.js';
import { useTheme } from './theme.js';

const TITLES: Record<View, string> = {
  overview: 'Overview',
  explore: 'Explore',
  map: 'Map',
  coverage: 'Coverage',
  interventions: 'Interventions',
  runs: 'Runs',
};

/** The study's name, the views, the box to ask about a text, and the theme. */
export function Header() {
  const { state, go } = useNavigation();
  const { name } = useStudy();
  const [theme, switchTheme] = useTheme();
  useEffect(() => {
    document.title = `${TITLES[state.view]} · ${name} · densimeter`;
  }, [state.view, name]);
  return (
    <header class="page-header">
      <h1>
        <bdi>{name}</bdi>
      </h1>
      <nav aria-label="Views">
        {VIEWS.map((view) => (
          <a
            key={view}
            href={hrefOf(state, { view, query: null })}
            aria-current={view === state.view ? 'page' : undefined}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              go({ view, query: null });
            }}
          >
            {TITLES[view]}
          </a>
        ))}
      </nav>
      <AskBox />
      <button
        type="button"
        class="quiet"
        onClick={switchTheme}
        aria-label={`Use ${theme === 'dark' ? 'light' : 'dark'} colours`}
      >
        {theme === 'dark' ? 'Light' : 'Dark'}
      </button>
    </header>
  );
}

function AskBox() {
  const { state, go } = useNavigation();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(state.ask);
  useEffect(() => setText(state.ask), [state.ask]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <search>
      <form
        class="ask-box"
        onSubmit={(event) => {
          event.preventDefault();
          go({ ask: text.trim() });
        }}
      >
        <textarea
          ref={box}
          rows={1}
          maxLength={100_000}
          value={text}
          aria-label="Ask about a text, or several, one a line"
          placeholder="Ask about a text  (/)"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            event.currentTarget.form!.requestSubmit();
          }}
        />
        <button type="submit" class="quiet">
          Ask
        </button>
      </form>
    </search>
  );
}
