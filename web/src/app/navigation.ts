import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import { DEFAULTS, formatState, parseState, type State } from './state.js';

/** The state of the page, and how to change it. */
export interface Navigation {
  state: State;
  /** Goes on to another state; Back leads to this one. */
  go(patch: Partial<State>): void;
  /** Changes the state without a step in the history, as for what changes with every key. */
  adjust(patch: Partial<State>): void;
}

export const NavigationContext = createContext<Navigation>({
  state: DEFAULTS,
  go: () => {},
  adjust: () => {},
});

/** The state of the page, and how to change it, in a component. */
export const useNavigation = () => useContext(NavigationContext);

/** Keeps the state of the page in its URL. */
export function useUrlState(): Navigation {
  const [state, setState] = useState(() => parseState(location.search));
  useEffect(() => {
    const follow = () => setState(parseState(location.search));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const change = useCallback((patch: Partial<State>, how: 'pushState' | 'replaceState') => {
    const next = { ...parseState(location.search), ...patch };
    const written = formatState(next);
    if (written !== formatState(parseState(location.search)))
      history[how](null, '', location.pathname + written);
    setState(next);
  }, []);
  return {
    state,
    go: useCallback((patch) => change(patch, 'pushState'), [change]),
    adjust: useCallback((patch) => change(patch, 'replaceState'), [change]),
  };
}

/** The address of the page in another state, for links that can be opened elsewhere. */
export function hrefOf(state: State, patch: Partial<State>): string {
  return location.pathname + formatState({ ...state, ...patch });
}
