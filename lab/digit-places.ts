/** The place of each token in its number, from `offset` + 1 on; 0 for tokens that are no digit. */
export type DigitPlaces = (ids: Int32Array, context: number, offset: number) => Int32Array;

/**
 * Says the places of digits for Abacus embeddings: numbers are written with their lowest digit first, so that a place is a power of ten (McLeish
 * et al. 2024, arXiv 2405.17399, section 3.1).
 *
 * @param tokens the text of each token
 */
export function digitPlaces(tokens: readonly string[]): DigitPlaces {
  const isDigit = tokens.map((token) => /^\d$/.test(token));
  return (ids, context, offset) => {
    const places = new Int32Array(ids.length);
    for (let i = 0; i < ids.length; i++) {
      if (!isDigit[ids[i]!]) continue;
      const before = i % context === 0 ? 0 : places[i - 1]!;
      places[i] = before === 0 ? offset + 1 : before + 1;
    }
    return places;
  };
}
