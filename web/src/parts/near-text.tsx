import { useState } from 'preact/hooks';
import { answerOf, client } from '../data/api.js';
import { useAnswer } from '../data/use-answer.js';
import { count, percent, twoDigits } from './format.js';
import { sharedPieces } from './spans.js';

/** A training text near a query. */
export interface Near {
  corpus: string;
  source: string;
  document: string;
  text: string;
  distance: number;
  share: number;
}

/** The nearest training texts, with the words and verbatim spans that the query has too. */
export function NearTexts({ texts, query }: { texts: readonly Near[]; query: string }) {
  return (
    <ol class="texts">
      {texts.map((near, i) => (
        <NearText key={i} {...near} query={query} />
      ))}
    </ol>
  );
}

function NearText({ source, corpus, document: key, distance, share, text, query }: Near & { query: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <p class="facts">
        <bdi title={`${corpus}: ${key}`}>{key.includes(source) ? key : `${source}, ${key}`}</bdi>
        <span>distance {twoDigits(distance)}</span>
        <span>{percent(share)} of density</span>
      </p>
      <button
        type="button"
        class={isOpen ? 'text' : 'text clamped'}
        aria-expanded={isOpen}
        dir="auto"
        onClick={() => setOpen(!isOpen)}
      >
        {sharedPieces(text, query).map((piece, i) =>
          piece.shared === 'none' ? (
            piece.text
          ) : (
            <mark key={i} class={piece.shared}>
              {piece.text}
            </mark>
          ),
        )}
      </button>
      {isOpen && <InContext corpus={corpus} document={key} text={text} />}
    </li>
  );
}

/** Characters around a chunk that are shown. */
const AROUND = 400;

/** Where a chunk stands in its document. */
function InContext({ corpus, document, text }: { corpus: string; document: string; text: string }) {
  const found = useAnswer(JSON.stringify([corpus, document]), (signal) =>
    answerOf(
      client.GET('/corpora/{corpus}/documents/{document}', {
        params: { path: { corpus, document } },
        signal,
      }),
    ),
  );
  const whole = found.data?.text ?? '';
  const at = whole.indexOf(text);
  if (at < 0) return null;
  const end = at + text.length;
  return (
    <p class="context" dir="auto">
      <span class="muted">
        {count(Math.round((100 * at) / whole.length))} % into {count(whole.length)} characters:{' '}
      </span>
      {at > AROUND && '…'}
      {whole.slice(Math.max(0, at - AROUND), at)}
      <strong>{text}</strong>
      {whole.slice(end, end + AROUND)}
      {end + AROUND < whole.length && '…'}
    </p>
  );
}
