import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mean, randomLcg, randomNormal } from 'd3';
import { parseHTML } from 'linkedom';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../study/report/html/index.js';
import type { Estimate, Regression, Report } from '../../study/report/report.js';
import { leastSquares, midRanks, pearson, spearman, welch } from '../../study/statistics/index.js';
import { skipping } from '../support/skipping.js';
import { tempFolder } from '../support/temp-folder.js';

const KINDS = [
  { kind: 'train', density: -3.2, loss: 4.1 },
  { kind: 'held-out', density: -4.1, loss: 5.2 },
  { kind: 'outside', density: -5.0, loss: 6.3 },
];
const SOURCES = ['genesis.txt', 'sotu-1862.txt', 'moby-dick/ch-42', 'wiki/whales'];
const SENTENCE =
  'It was the whiteness of the whale that above all things appalled me; but how can I hope to explain myself here, and yet in some dim way explain myself I must';

/** A report of made-up queries whose numbers are their real statistics. */
function makeReport(queriesPerKind = 200): Report {
  const random = randomLcg(7);
  const normal = randomNormal.source(random);
  const queries = KINDS.flatMap(({ kind, density, loss }, k) => {
    const [spread, noise] = [normal(0, 0.55), normal(0, 0.6)];
    return Array.from({ length: queriesPerKind }, (_, i) => {
      const offset = spread();
      return {
        id: k * queriesPerKind + i + 1,
        key: `${kind}/${i}`,
        kind,
        source: SOURCES[i % SOURCES.length]!,
        group: `document ${i % 40}`,
        log10Density: density + offset,
        loss: loss - 0.5 * offset + noise(),
        excerpt: `${SENTENCE.slice(Math.floor(random() * 40))} (${k}.${i}).`,
      };
    });
  });
  const regressions = (['exponential', 'gaussian'] as const).flatMap((kernel) =>
    ['all', ...KINDS.map(({ kind }) => kind)].map((kind) =>
      regress(
        queries.filter((query) => kind === 'all' || query.kind === kind),
        kernel,
        kind,
      ),
    ),
  );
  return {
    version: 3,
    name: 'headline',
    study: 'Whales and presidents',
    made: '2026-02-03T14:05:00Z',
    seed: 1,
    words: [
      'Where the training data is ten times denser around a query, the ngram model is 1.05 nats a token less surprised by it.',
      'What this does not say: this is association across queries, not cause.',
    ],
    corpora: [
      { name: 'books', role: 'pretrain', documents: 412, heldOut: 41, chunks: 50123, sources: 4 },
      { name: 'leak', role: 'intervention', documents: 360, heldOut: 0, chunks: 360, sources: 2 },
    ],
    density: {
      kernel: 'exponential',
      bandwidth: 0.1104,
      bandwidthRule: 'auto: the median query rests on 100 effective samples',
      estimator: 'exact',
      points: 50123,
      corpora: ['books'],
      embedder: 'use-lite',
      dims: 512,
    },
    run: { name: 'ngram', runs: ['ngram'], scorer: '5-gram', trainedTokens: 1234567, vocabulary: 8002 },
    headline: null,
    sensitivity: null,
    panel: null,
    kinds: KINDS.map(({ kind, density, loss }, k) => ({
      kind,
      queries: queriesPerKind,
      medianLog10Density: density,
      medianLoss: loss,
      medianEffectiveSamples: 100.4 - 30 * k,
    })),
    regressions,
    queries,
    leaks: null,
    memorization: [],
    querySet: { name: 'queries', queries: 3 * queriesPerKind, hash: 'a1b2c3' },
    cells: [],
    coverage: null,
    comparison: null,
    gates: [],
    interventions: [intervene(normal)],
  };
}

function regress(queries: Report['queries'], kernel: string, name: string): Regression {
  const x = queries.map(({ log10Density }) => log10Density);
  const y = queries.map(({ loss }) => loss);
  const term = { name: 'log10_density', values: x };
  const controls = [
    { name: 'log_words', values: queries.map(({ excerpt }) => Math.log(excerpt.length)) },
    { name: 'unigram_cross_entropy', values: Array.from(midRanks(queries.map(({ id }) => (id * 7) % 101))) },
  ];
  const plain = leastSquares(y, [term]);
  const full = leastSquares(y, [...controls, term]);
  return {
    kernel,
    bandwidth: kernel === 'gaussian' ? 0.2207 : 0.1104,
    queries: name,
    n: queries.length,
    adjustedPValue: 0.0004,
    pearson: { ...pearson(x, y), method: "Pearson's r, t test" } as Estimate,
    spearman: { ...spearman(x, y), method: "Spearman's ρ, t test" } as Estimate,
    plain: { coefficients: plain.coefficients, r2: plain.r2, outOfSampleR2: plain.r2 - 0.004 },
    controlled: {
      controls: controls.map((control) => control.name),
      coefficients: full.coefficients,
      r2: full.r2,
      outOfSampleR2: full.r2 - 0.006,
      controlsOutOfSampleR2: -0.0021,
      outOfSampleGain: {
        estimate: full.r2 - 0.0039,
        low: full.r2 - 0.05,
        high: full.r2 + 0.05,
        pValue: 0.00004,
        method: '10-fold cross-validation by document, paired t',
      },
      partialR2: full.r2 - 0.001,
      dropped: [],
    },
  };
}

function intervene(normal: typeof randomNormal): Report['interventions'][number] {
  const settings = [
    { arm: 'untouched', kind: 'untouched', dose: 0 },
    { arm: 'control', kind: 'control', dose: 0 },
    { arm: 'one-paraphrase', kind: 'paraphrase', dose: 1 },
    { arm: 'four-paraphrases', kind: 'paraphrase', dose: 4 },
    { arm: 'exact', kind: 'exact', dose: 5 },
  ] as const;
  const noise = normal(0, 0.12);
  const points = settings.flatMap(({ arm, dose }, place) =>
    Array.from({ length: 40 }, (_, i) => {
      const densityChange = 0.02 + 0.11 * dose + noise() * (dose > 0 ? 1 : 0.15);
      const gain = 0.03 + 0.8 * densityChange + noise();
      return { id: 201 + 40 * place + i, arm, dose, densityChange, gain };
    }),
  );
  type Measure = 'densityChange' | 'gain';
  const values = (arm: string, key: Measure) =>
    points
      .filter((point) => (arm === 'treated' ? point.dose > 0 : point.arm === arm))
      .map((point) => point[key]);
  const effect = (arm: string, key: Measure): Estimate => {
    const { estimate, low, high, pValue } = welch(values(arm, key), values('control', key));
    return {
      estimate,
      low: low!,
      high: high!,
      pValue: pValue!,
      method: "difference in differences, Welch's t",
    };
  };
  const fitted = points.filter(({ arm }) => arm !== 'untouched');
  const fit = leastSquares(
    fitted.map(({ gain }) => gain),
    [{ name: 'change_in_log10_density', values: fitted.map(({ densityChange }) => densityChange) }],
  );
  return {
    name: 'leak',
    run: 'ngram',
    treatedRun: 'ngram+leak',
    control: 'control',
    untouched: 'untouched',
    leakedTexts: 360,
    arms: settings.map(({ arm, kind, dose }) => ({
      arm,
      kind,
      dose,
      rankEffect: null,
      permutationPValue: kind === 'control' ? null : 0.0005,
      holmPValue: kind === 'control' ? null : 0.001,
      accuracyEffect: null,
      flips: arm === 'exact' ? { gained: 7, lost: 1, pValue: 0.07, n: 40 } : null,
      queries: 40,
      densityChange: mean(values(arm, 'densityChange'))!,
      gain: mean(values(arm, 'gain'))!,
      densityEffect: arm === 'control' ? null : effect(arm, 'densityChange'),
      gainEffect: arm === 'control' ? null : effect(arm, 'gain'),
    })),
    overall: { densityEffect: effect('treated', 'densityChange'), gainEffect: effect('treated', 'gain') },
    gainOnDensityChange: { coefficients: fit.coefficients, r2: fit.r2, n: fit.n },
    densityOnDose: { estimate: 0.11, standardError: 0.01, low: 0.09, high: 0.13, pValue: 1e-9 },
    instrumented: {
      ...{ estimate: 0.8, standardError: 0.05, low: 0.7, high: 0.9, pValue: 1e-9 },
      ...{ firstStageF: 120, weak: false },
    },
    trend: { z: 5.1, pValue: 1e-6, doses: 4 },
    heterogeneity: effect('exact', 'gain'),
    spillover: effect('untouched', 'gain'),
    points,
  };
}

const HOSTILE = [
  '</title></style><script>alert(1)</script>',
  '</svg></table><img src=http://evil.example/x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">',
  '&lt;b&gt; &amp; <!-- ]]> </style>',
  'safe \u202egnp.exe\u202c 🐋🏴‍☠️ \ud800 e\u0301',
  '\u001b[31mred\u001b[0m\u0000\u0007\r\nnext',
];

/** The report with hostile text wherever text of a corpus, a query or a study file can be, also among the extremes. */
function makeHostile(): Report {
  const report = makeReport();
  report.queries.forEach((query, i) => {
    query.excerpt = HOSTILE[i % HOSTILE.length]!;
    query.source = HOSTILE[(i + 1) % HOSTILE.length]!;
    if (query.kind === 'outside') query.kind = HOSTILE[1]!;
  });
  report.kinds[2]!.kind = HOSTILE[1]!;
  report.name = HOSTILE[1]!;
  report.study = HOSTILE[0]!;
  report.words = [...HOSTILE];
  report.corpora[0]!.name = HOSTILE[2]!;
  report.regressions[3]!.queries = HOSTILE[1]!;
  report.density.bandwidthRule = HOSTILE[3]!;
  const [intervention] = report.interventions;
  intervention!.name = HOSTILE[1]!;
  intervention!.arms[2]!.arm = HOSTILE[0]!;
  for (const point of intervention!.points) if (point.dose === 1) point.arm = HOSTILE[0]!;
  return report;
}

const parse = (html: string) => parseHTML(html).document;
const textOf = (element: Element | null) => (element?.textContent ?? '').replace(/\s+/g, ' ');
const minus = (text: string) => text.replace('-', '−');

describe('report.html', () => {
  const report = makeReport();
  const document = parse(renderReport(report));

  it('shows the numbers of the regressions', () => {
    const rows = [...document.querySelectorAll('#headline .scroll')][0]!.querySelectorAll(
      'tbody tr:not(.group)',
    );
    expect(rows.length).toBe(8);
    const row = textOf(rows[0]!);
    const { pearson: r, spearman: rho, plain, controlled } = report.regressions[0]!;
    const slope = plain.coefficients[1]!;
    for (const number of [r!.estimate, r!.low, rho!.high, slope.estimate, slope.low, slope.high]) {
      expect(row).toContain(minus(number.toFixed(3)));
    }
    const { partialR2, outOfSampleR2, controlsOutOfSampleR2, coefficients } = controlled!;
    for (const number of [partialR2, plain.r2, plain.outOfSampleR2!, coefficients[3]!.estimate]) {
      expect(row).toContain(minus(number.toFixed(3)));
    }
    expect(row).toContain(`${minus(controlsOutOfSampleR2!.toFixed(3))} → ${outOfSampleR2!.toFixed(3)}`);
    expect(textOf(document.querySelector('#headline'))).toContain(
      "Pearson's r, t test; Spearman's ρ, t test",
    );
  });

  it('says what a density means under every chart', () => {
    const settings =
      'exponential kernel, h = 0.11 (auto: the median query rests on 100 effective samples), exact estimator, n = 50,123 training points';
    const captions = [...document.querySelectorAll('figcaption')].map(textOf);
    expect(captions.length).toBe(4);
    for (const caption of captions) expect(caption).toContain(settings);
  });

  it('names and describes every chart, and puts its numbers behind it', () => {
    const charts = [...document.querySelectorAll('svg[role=img]')];
    expect(charts.length).toBe(6);
    for (const chart of charts) {
      const [title, description] = chart.getAttribute('aria-labelledby')!.split(' ');
      expect(textOf(chart.querySelector(`[id="${title}"]`))).not.toBe('');
      expect(textOf(chart.querySelector(`[id="${description}"]`)).length).toBeGreaterThan(40);
      expect(chart.querySelectorAll('.axis-label').length).toBeGreaterThan(0);
      expect(chart.closest('figure')!.querySelector('details table')).not.toBeNull();
    }
  });

  it('gives every id once, and every link its end', () => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of document.querySelectorAll('a:not([download]), use')) {
      expect(ids).toContain(link.getAttribute('href')!.slice(1));
    }
  });

  it('draws every query once, at its place, with a symbol of its kind', () => {
    const scatter = document.querySelector('svg[aria-labelledby^=scatter]')!;
    const marks = [...scatter.querySelectorAll('use')];
    expect(marks.length).toBe(600);
    expect(new Set(marks.map((mark) => mark.getAttribute('href'))).size).toBe(3);
    const shapes = [...scatter.querySelectorAll('defs path')].map((path) => path.getAttribute('d'));
    expect(new Set(shapes).size).toBe(3);
    const byDensity = (one: { x: number; id: number }, other: { x: number; id: number }) => one.x - other.x;
    const drawn = marks.map((mark) => ({
      x: Number(mark.getAttribute('x')),
      id: Number(/query (\d+)/.exec(textOf(mark))![1]),
    }));
    const expected = report.queries.map(({ id, log10Density: x }) => ({ id, x }));
    const [first, last] = [drawn.toSorted(byDensity)[0]!, drawn.toSorted(byDensity).at(-1)!];
    expect(first.id).toBe(expected.toSorted(byDensity)[0]!.id);
    expect(last.id).toBe(expected.toSorted(byDensity).at(-1)!.id);
  });

  it('shows the arms with their effects against control, and a dash for control', () => {
    const rows = [...document.querySelectorAll('#intervention-0 table')[0]!.querySelectorAll('tbody tr')];
    expect(rows.map((row) => textOf(row.querySelector('th')))).toEqual([
      'untouched',
      'control',
      'one-paraphrase',
      'four-paraphrases',
      'exact',
    ]);
    const { gainEffect, densityChange } = report.interventions[0]!.arms[4]!;
    expect(textOf(rows[4]!)).toContain(`+${gainEffect!.estimate.toFixed(3)}`);
    expect(textOf(rows[4]!)).toContain(`+${densityChange.toFixed(3)}`);
    expect(textOf(rows[1]!)).toContain('–––');
    const sentence = textOf(document.querySelector('#intervention-0 .prose'));
    expect(sentence).toContain(
      `+${report.interventions[0]!.overall.gainEffect!.estimate.toFixed(3)} nats/token`,
    );
  });

  it('fits the line of gain without the untouched, as its regression does', () => {
    const chart = document.querySelector('svg[aria-labelledby^=intervention-0-points]')!;
    expect(chart.querySelectorAll('use').length).toBe(200);
    expect(chart.querySelector('.band')).not.toBeNull();
    expect(textOf(chart.closest('figure')!.querySelector('figcaption'))).toContain(
      'the 160 queries of the control',
    );
  });

  it('lists the ten least and the ten most supported queries', () => {
    const [least, most] = [...document.querySelectorAll('#extremes table')].map((table) =>
      [...table.querySelectorAll('tbody th')].map(textOf),
    );
    const sorted = report.queries.map(({ log10Density }) => log10Density).sort((a, b) => a - b);
    expect(least).toEqual(sorted.slice(0, 10).map((density) => minus(density.toFixed(2))));
    expect(most).toEqual(
      sorted
        .slice(-10)
        .reverse()
        .map((density) => minus(density.toFixed(2))),
    );
  });

  it('shows a dash, and why, for what is not there', () => {
    const sparse = makeReport();
    const [first] = sparse.regressions;
    Object.assign(first!, { pearson: null, spearman: null, controlled: null });
    first!.plain.outOfSampleR2 = null;
    Object.assign(sparse.interventions[0]!.overall, { densityEffect: null, gainEffect: null });
    const page = parse(renderReport(sparse));
    const row = page.querySelector('#headline tbody tr:not(.group)')!;
    expect([...row.querySelectorAll('.none')].map(textOf)).toEqual(['–', '–', '–', '–', '–', '–']);
    expect(textOf(page.querySelector('#headline'))).toContain('– marks a number that is not defined');
    expect(textOf(page.querySelector('body'))).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it('draws a report of nothing, and one whose numbers are not numbers', () => {
    const empty: Report = {
      ...makeReport(),
      words: [],
      kinds: [],
      regressions: [],
      queries: [],
      interventions: [],
    };
    expect(textOf(parse(renderReport(empty)).querySelector('#queries'))).toContain('There are no queries');
    const odd = makeReport(10);
    odd.queries.forEach((query, i) => {
      if (i > 0) query.log10Density = i % 2 ? Number.NEGATIVE_INFINITY : Number.NaN;
      query.loss = 2;
    });
    odd.interventions[0]!.points = [];
    const html = renderReport(odd);
    expect(html).not.toMatch(/="[^"]*NaN/);
    expect(textOf(parse(html).querySelector('#queries figcaption'))).toContain('29 queries without');
  });

  it('is the same for the same report', () => {
    expect(renderReport(makeReport())).toBe(renderReport(makeReport()));
  });

  it('stays under 5 MB with 5,000 queries', () => {
    const html = renderReport(makeReport(1667));
    expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
    expect(parse(html).querySelectorAll('svg[aria-labelledby^=scatter] use').length).toBe(5001);
  });
});

describe('report.html with hostile text', () => {
  const html = renderReport(makeHostile());
  const document = parse(html);

  it('makes no markup of it', () => {
    const tags = new Set([...document.querySelectorAll('*')].map(({ localName }) => localName));
    for (const tag of ['script', 'img', 'iframe', 'object', 'embed', 'link', 'foreignObject']) {
      expect(tags).not.toContain(tag);
    }
    expect(html.match(/<script|<img|<\/title/gi)).toEqual(html.match(/<\/title/g));
    const harmless = parse(renderReport(makeReport()));
    const count = (page: Document) => page.querySelectorAll('body > *, section, svg, table').length;
    expect(count(document)).toBe(count(harmless));
    for (const element of document.querySelectorAll('*')) {
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on|^src|^style$/);
    }
  });

  it('loads nothing from outside', () => {
    for (const element of document.querySelectorAll('[href], [src], [action], [data], [poster]')) {
      expect(element.getAttribute('href')).toMatch(/^#|^data:text\/csv;charset=utf-8,/);
    }
    const sheets = [...document.querySelectorAll('style')].map(textOf).join('');
    expect(sheets).not.toMatch(/url\(|@import/);
    const markup = html.replace(/>[^<]*</g, '><').replaceAll('xmlns="http://www.w3.org/2000/svg"', '');
    expect(markup.replace(/ href="data:[^"]*"/g, '')).not.toMatch(/https?:/);
  });

  it('shows it as it is, with what cannot be seen made visible', () => {
    const shown = textOf(document.querySelector('#extremes'));
    expect(shown).toContain('</title></style><script>alert(1)</script>');
    expect(shown).toContain('&lt;b&gt; &amp; <!-- ]]> </style>');
    expect(shown).toContain('safe ‹U+202E›gnp.exe‹U+202C› 🐋🏴‍☠️ � e\u0301');
    expect(shown).toContain('‹U+001B›[31mred‹U+001B›[0m‹U+0000›‹U+0007› next');
    expect(html.replace(/[\n]/g, '')).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
  });
});

const CHROMIUM = '/usr/bin/chromium';
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const noChromium = skipping(
  'report.html in a browser',
  existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not there`,
);

describe.skipIf(noChromium)('report.html in a browser', () => {
  // REPORT_HTML_SHOTS=folder keeps the pages and their pictures there, to be looked at.
  const shots = process.env.REPORT_HTML_SHOTS;
  const pages = { report: makeReport(), hostile: makeHostile() };
  let folder: string;

  beforeAll(() => {
    folder = shots ?? tempFolder();
    mkdirSync(folder, { recursive: true });
    for (const [name, report] of Object.entries(pages)) {
      writeFileSync(join(folder, `${name}.html`), renderReport(report));
    }
  });

  it.each(Object.keys(pages))(
    '%s.html opens from disk without a word, a request or sideways scrolling',
    async (name) => {
      const file = pathToFileURL(join(folder, `${name}.html`)).href;
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.split(' ') });
      try {
        for (const colorScheme of ['light', 'dark'] as const) {
          for (const width of [1280, 390]) {
            const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
            const heard: string[] = [];
            page.on('console', (message) => heard.push(message.text()));
            page.on('pageerror', (error) => heard.push(error.message));
            page.on('dialog', (dialog) => heard.push(dialog.message()));
            page.on('request', (request) => request.url() !== file && heard.push(request.url()));
            await page.goto(file);
            expect(heard).toEqual([]);
            expect(await page.locator('script, img, [onerror]').count()).toBe(0);
            expect(await page.locator('svg[role=img]').count()).toBe(6);
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
              width,
            );
            if (shots)
              await page.screenshot({
                path: join(shots, `${name}-${colorScheme}-${width}.png`),
                fullPage: true,
              });
            if (shots && width === 1280) await page.pdf({ path: join(shots, `${name}.pdf`), format: 'A4' });
            await page.close();
          }
        }
      } finally {
        await browser.close();
      }
    },
  );
});
