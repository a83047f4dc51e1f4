import type { Report } from '../report.js';
import { h } from './dom.js';
import { setting } from './format.js';
import { lossInWords } from './settings.js';

/** What each number of the report means: its term and a sentence or two. */
const TERMS: readonly (readonly [string, string])[] = [
  [
    'Density',
    'f(q) = (1/n) Σ K(‖q − xᵢ‖): the mean of a kernel of the distance between the query’s embedding and each of the n training points. Unnormalised, between 0 and 1; it compares queries of one study and bandwidth, not studies.',
  ],
  ['log10 density', 'The density in powers of ten: −4 is a tenth of −3, and one unit is a decade.'],
  [
    'Bandwidth, h',
    'The distance over which a training point’s support fades. A small h counts near-copies alone, a large one everything alike, so no density means anything without its h.',
  ],
  [
    'Effective samples',
    'How many training points a density really rests on: (Σ Kᵢ)² / Σ Kᵢ². Near 1, a single neighbour makes it.',
  ],
  [
    'Loss and perplexity',
    'Loss is the model’s negative log-likelihood of the query in nats, divided by its tokens. Perplexity is e to the loss: 3 nats/token is a perplexity of 20.',
  ],
  [
    'Pearson r and Spearman ρ',
    'Correlation of loss with log10 density: along a straight line (r), or in rank, whatever the curve (ρ).',
  ],
  [
    'HC3',
    'Standard errors that stay right where the spread of loss differs between queries (MacKinnon & White 1985).',
  ],
  ['R²', 'The share of the variance of loss that a regression explains in the queries it was fitted to.'],
  ['Partial R²', 'The share of what the controls leave unexplained that density then explains.'],
  [
    'Out-of-sample R²',
    'R² on queries of documents that the regression has not seen. It does not rise by adding terms that mean nothing, and is below 0 where the mean would have predicted better. Density has to beat the controls here.',
  ],
  [
    'Slope for a standard deviation',
    'The change in loss where log10 density is one standard deviation higher and all controls are the same: it compares between kernels and bandwidths, as the slope for a decade does not. Its errors let queries of one group vary together (CR1).',
  ],
  [
    'Negative control',
    'A density that should explain nothing, in the place of density. If it adds as much as density does, the finding is not about support.',
  ],
  [
    'Gain',
    'Loss of the base run less loss of the treated run, in nats/token: above 0, the intervention helped.',
  ],
  [
    'Difference in differences',
    'What changed for an arm less what changed for the control arm in the same time, so that what retraining does to every query does not count as the arm’s effect.',
  ],
];

/** The section that explains the report's numbers. */
export function glossarySection(): HTMLElement {
  return h(
    'section',
    { id: 'glossary' },
    h('h2', {}, 'What these numbers mean'),
    h(
      'dl',
      { class: 'glossary' },
      ...TERMS.map(([term, meaning]) => h('div', {}, h('dt', {}, term), h('dd', {}, meaning))),
    ),
  );
}

/** The section on what the report does not show. */
export function limitsSection({ density, run, interventions, regressions }: Report): HTMLElement {
  const limits: [string, string][] = [
    [
      'Association is not causation.',
      `Queries that the data supports well differ in other ways too: they are commoner, shorter or plainer. Controls take away what they measure and nothing else.${
        interventions.length > 0
          ? ' In an intervention arms are assigned at random, so its effects are effects of the leaked texts; that density carried them is a description.'
          : ''
      }`,
    ],
    [
      'One embedder.',
      `“Near” means near to ${density.embedder} in ${density.dims} dims. Texts that it does not tell apart, density does not tell apart either.`,
    ],
    [
      'One bandwidth.',
      `h = ${setting(density.bandwidth)} (${density.bandwidthRule}). Other bandwidths give other densities and other slopes.`,
    ],
    [
      run.runs.length > 1 ? 'These models.' : 'One model.',
      `The loss is the ${lossInWords({ run })}. Other models may lean on their data otherwise.`,
    ],
    [
      'Many tests.',
      `The ${regressions.length} regressions by kernel and kind explore: their slopes have a p adjusted for all of them (Benjamini–Hochberg), everything else beside them stands alone.`,
    ],
  ];
  return h(
    'section',
    { id: 'limits' },
    h('h2', {}, 'What this does not say'),
    h('ul', { class: 'limits' }, ...limits.map(([head, text]) => h('li', {}, h('b', {}, head), ` ${text}`))),
  );
}
