import type { GateResult, Report } from './report.js';

const MOVED = 12;
const NAMED = 5;

/** A report in the words and tables of a comment on a pull request (GitHub's Markdown). */
export function reportMarkdown(report: Report): string {
  const { study, words, gates, comparison, headline, density, made, name } = report;
  const failed = gates.filter((gate) => gate.failed);
  const parts = [
    `# ${escaped(study)}`,
    ...(gates.length > 0
      ? [
          `**${failed.length === 0 ? 'All gates hold' : `${failed.length} of ${gates.length} gates failed`}.**`,
          table(['Gate', '', 'Value', 'Limit', 'Queries'], gates.map(gateRow)),
        ]
      : []),
    ...words.map(escaped),
    ...(headline
      ? [
          '## What density adds',
          table(
            ['Given', 'Out-of-sample R²', 'with density', 'density adds [95%]'],
            headline.models.map(({ name: given, r2, r2WithDensity, gain }) => [
              ...[given, r2.toFixed(3), r2WithDensity.toFixed(3)],
              `${gain.estimate.toFixed(4)} [${gain.low.toFixed(4)}, ${gain.high.toFixed(4)}]`,
            ]),
          ),
        ]
      : []),
    ...(comparison
      ? [
          `## Against ${escaped(comparison.against.name)} of ${comparison.against.made.slice(0, 10)}`,
          table(
            ['', 'Queries', 'Before', 'After', 'Change [95%]', 'p (BH)'],
            [...comparison.moved]
              .sort((a, b) => a.change.pValue - b.change.pValue)
              .slice(0, MOVED)
              .map(({ what, group, queries, before, after, change }) => [
                ...[`${what}, ${group}`, String(queries), before.toFixed(3), after.toFixed(3)],
                `${change.estimate.toFixed(3)} [${change.low.toFixed(3)}, ${change.high.toFixed(3)}]`,
                change.pValue < 0.001 ? '< 0.001' : change.pValue.toFixed(3),
              ]),
          ),
        ]
      : []),
    `<sub>Report ${escaped(name)}, ${made.slice(0, 16).replace('T', ' ')} UTC; ${density.kernel} kernel, h = ${density.bandwidth} (${escaped(density.bandwidthRule)}), ${density.estimator}, n = ${density.points.toLocaleString('en')}. densimeter.</sub>`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function gateRow({ rule, failed, value, limit, queries, count }: GateResult): string[] {
  const named = queries.slice(0, NAMED).map(({ key }) => key);
  const more = count > named.length ? ` and ${count - named.length} more` : '';
  return [
    rule,
    failed ? '✗ failed' : '✓',
    figure(value),
    figure(limit),
    failed ? named.join(', ') + more : '',
  ];
}

function figure(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text that is text in Markdown too, on one line: names come from files. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/[\\`*_{}[\]<>|#~@]/g, (sign) => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`))
    .trim();
}
