import type { ComponentChildren } from 'preact';
import type { Asked } from '../data/use-answer.js';

/** Says what went wrong, with ways on: trying again, and the page without its settings. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <div class="message" role="alert">
      <h2>This cannot be shown</h2>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" class="quiet" onClick={retry}>
        Try again
      </button>{' '}
      {location.search && <a href={location.pathname}>Start from the defaults</a>}
    </div>
  );
}

/** Says what is missing, and the command that makes it. */
export function Missing({
  title,
  command,
  children,
}: {
  title: string;
  command?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="message">
      <h2>{title}</h2>
      <p>{children}</p>
      {command && (
        <p>
          Run <code>{command}</code> and load this page again.
        </p>
      )}
    </div>
  );
}

/** What an answer holds once it is there; until then that it is on its way, or why it is not. */
export function Answered<T>({
  asked,
  what,
  children,
}: {
  asked: Asked<T>;
  what: string;
  children: (data: T) => ComponentChildren;
}) {
  if (asked.error !== undefined) return <Failure error={asked.error} retry={asked.retry} />;
  if (asked.data === undefined) {
    return (
      <p class="muted" role="status">
        Loading {what}…
      </p>
    );
  }
  return <div aria-busy={asked.isLoading}>{children(asked.data)}</div>;
}
