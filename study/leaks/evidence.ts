import { empiricalNull } from '../statistics/index.js';

/** What speaks for one training text being a copy or rewording of a query. */
export interface Evidence {
  /** Cosine of the two vectors. */
  similarity: number;
  /** Of the query's density, what this point holds. */
  share: number;
  /** Of the words of either, weighed by rarity, those that both have. */
  words: number;
}

const KINDS = ['similarity', 'share', 'words'] as const satisfies readonly (keyof Evidence)[];

/** Judges evidence against that which unrelated texts of the same training data give. */
export interface Judge {
  /** Standard deviations above the training texts' own nearest neighbours. */
  score(evidence: Evidence): number;
}

/**
 * Learns from training texts, and the evidence for their nearest neighbours, what there is without any leak.
 *
 * Each kind of evidence, as a log odds, has its empirical null among the best of every text; a neighbour's score is the
 * mean of its three scores, in units of the null of the best such means.
 *
 * @param neighbours for every training text, the evidence for each of its nearest others
 */
export function judgeFrom(neighbours: readonly (readonly Evidence[])[]): Judge {
  const nulls = KINDS.map((kind) =>
    empiricalNull(neighbours.map((own) => Math.max(...own.map((one) => logOdds(one[kind]))))),
  );
  const together = (evidence: Evidence) =>
    KINDS.reduce((sum, kind, k) => sum + nulls[k]!.score(logOdds(evidence[kind])), 0) / KINDS.length;
  const { score } = empiricalNull(neighbours.map((own) => Math.max(...own.map(together))));
  return { score: (evidence) => score(together(evidence)) };
}

/** Shares and similarities of 0 and 1, and those below, are taken as this far from either end. */
const END = 1e-4;

function logOdds(share: number): number {
  const inside = Math.min(1 - END, Math.max(END, share));
  return Math.log(inside / (1 - inside));
}
