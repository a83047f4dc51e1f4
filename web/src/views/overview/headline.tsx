import type { ReportFile } from '../../../../client/index.js';
import { useNavigation } from '../../app/navigation.js';
import { percent } from '../../parts/format.js';

/** The regression of the newest report in words, and what density adds to each set of controls. */
export function Headline({ report }: { report: ReportFile.Report }) {
  const { go } = useNavigation();
  const { words, headline, interventions } = report;
  return (
    <>
      <p class="lead">{words[0]}</p>
      {headline && (
        <table class="baselines">
          <caption>
            What density adds to simpler explanations of {headline.outcome}: {headline.n} queries, out of
            sample ({headline.folds} folds by {headline.groupBy})
          </caption>
          <thead>
            <tr>
              <th scope="col">Known besides</th>
              <th scope="col">R² with density</th>
              <th scope="col">Density adds</th>
              <th scope="col">95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {headline.models.map(({ name, r2WithDensity, gain }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{percent(r2WithDensity)}</td>
                <td>{points(gain.estimate)}</td>
                <td title={gain.method}>
                  {points(gain.low).replace(' points', '')} to {points(gain.high)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {interventions.map(
        ({ name, overall: { gainEffect } }) =>
          gainEffect && (
            <p key={name}>
              By experiment: intervention <bdi>{name}</bdi> lowered the loss on leaked queries by{' '}
              <strong>{gainEffect.estimate.toFixed(2)}</strong> nats a token (95 % interval{' '}
              {gainEffect.low.toFixed(2)} to {gainEffect.high.toFixed(2)}).{' '}
              <button
                type="button"
                class="link"
                onClick={() => go({ view: 'interventions', intervention: name })}
              >
                By arm and dose
              </button>
            </p>
          ),
      )}
    </>
  );
}

/** A difference of two shares of variance, in percentage points. */
function points(value: number): string {
  return `${(100 * value)
    .toFixed(1)
    .replace(/^-(0\.0)$/, '$1')
    .replace('-', '−')} points`;
}
