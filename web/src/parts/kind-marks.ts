import { type SymbolType, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle, symbolWye } from 'd3';

const COLOURS = 6;
const SHAPES: readonly SymbolType[] = [symbolCircle, symbolTriangle, symbolSquare, symbolDiamond, symbolWye];

/** How the points of a kind look. Shape says what colour says, for those who cannot tell the colours apart. */
export interface KindMark {
  /** A CSS custom property of tokens.css. */
  colour: string;
  shape: SymbolType;
}

/** Gives each kind a mark, the same for the same set of kinds. */
export function kindMarks(kinds: Iterable<string>): Map<string, KindMark> {
  const sorted = [...new Set(kinds)].sort((a, b) => a.localeCompare(b));
  return new Map(
    sorted.map((kind, i) => [
      kind,
      { colour: `--kind-${(i % COLOURS) + 1}`, shape: SHAPES[i % SHAPES.length]! },
    ]),
  );
}
