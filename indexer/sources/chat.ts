/**
 * What is said in a chat, a turn after the other with a line between: a list of {role, content} or {from, value}, or
 * the JSON of one. Undefined where it is neither.
 */
export function chatOf(value: unknown): string | undefined {
  const turns = typeof value === 'string' && /^\s*\[/.test(value) ? parseList(value) : value;
  if (!Array.isArray(turns) || turns.length === 0) return undefined;
  const said = turns.map(saidIn);
  return said.includes(undefined) ? undefined : said.filter((text) => text !== '').join('\n');
}

function saidIn(turn: unknown): string | undefined {
  if (typeof turn !== 'object' || turn === null) return undefined;
  if ('from' in turn && 'value' in turn) return contentOf(turn.value);
  return 'role' in turn && 'content' in turn ? contentOf(turn.content) : undefined;
}

/** Content is text, nothing (a call of a tool), or a list of parts some of which are text. */
function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((part: unknown) =>
      typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
        ? [part.text]
        : [],
    )
    .join('\n');
}

function parseList(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
