import type { Measurement } from '../../../client/index.js';
import { settingsText } from './settings-text.js';

/** What the densities that are shown mean, in small print. */
export function Meaning({ measurement }: { measurement: Measurement | undefined }) {
  if (!measurement) return null;
  return (
    <p class="settings">
      Density: {settingsText(measurement)} points of {measurement.corpora.join(', ')}
    </p>
  );
}
