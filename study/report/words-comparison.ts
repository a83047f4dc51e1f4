import type { Comparison, GateResult, Moved } from './report.js';

/** What moved against another report, and how sure that is. */
export function comparisonInWords(comparison: Comparison | null): string {
  if (!comparison) return '';
  const { against, queries, moved } = comparison;
  const overall = moved.filter(({ group }) => group === 'all').map(inWords);
  const parts = moved.filter(({ group, change }) => group !== 'all' && change.pValue < 0.05);
  const most = [...parts]
    .sort((a, b) => Math.abs(b.change.estimate) - Math.abs(a.change.estimate))
    .slice(0, 2)
    .map(({ group, what, change }) => `${what} of ${group} by ${signed(change.estimate)}`);
  return (
    `Against report "${against.name}" of ${against.made.slice(0, 10)}, over the ${queries.both.toLocaleString('en')} queries of both, ${overall.join(', and ')}. ` +
    (most.length > 0
      ? `Of their parts, most moved ${most.join(', and ')}.`
      : 'No kind or source of queries moved clearly.')
  );
}

function inWords({ what, before, after, change }: Moved): string {
  const units = what === 'loss' ? ' nats a token' : '';
  if (change.estimate === 0) return `mean ${what} stayed at ${after.toFixed(3)}${units}`;
  const sure = change.low > 0 || change.high < 0 ? '' : ', which may be chance';
  return `mean ${what} went from ${before.toFixed(3)} to ${after.toFixed(3)}${units} (95% interval of the change ${signed(change.low)} to ${signed(change.high)}${sure})`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(3)}`;
}

/** Which gates failed. */
export function gatesInWords(gates: readonly GateResult[]): string {
  if (gates.length === 0) return '';
  const failed = gates.filter((gate) => gate.failed);
  if (failed.length === 0) return `All ${gates.length === 1 ? 'gates' : `${gates.length} gates`} hold.`;
  return `${failed.length} of ${gates.length} gates failed: ${failed.map(({ rule }) => `“${rule}”`).join(', ')}.`;
}
