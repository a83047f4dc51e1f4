import { count } from './format.js';
import type { KindMark } from './kind-marks.js';
import { Swatch } from './swatch.js';

/** What colours and shapes stand for; of kinds, buttons take one out of the chart or back in, with Shift leave it alone. */
export function Legend({
  marks,
  counts,
  ofKinds,
  hidden,
  isToggle,
  onChange,
}: {
  marks: ReadonlyMap<string, KindMark>;
  counts: ReadonlyMap<string, number>;
  ofKinds: ReadonlyMap<string, number>;
  hidden: readonly string[];
  isToggle: boolean;
  onChange: (hidden: string[]) => void;
}) {
  const names = [...marks.keys()];
  if (!isToggle) {
    return (
      <p class="legend">
        {names.map((name) => (
          <span key={name} class="legend-entry">
            <Swatch mark={marks.get(name)} /> <bdi>{name}</bdi>{' '}
            <span class="count">{count(counts.get(name) ?? 0)}</span>
          </span>
        ))}
      </p>
    );
  }
  const toggled = (name: string) =>
    hidden.includes(name) ? hidden.filter((one) => one !== name) : [...hidden, name].sort();
  return (
    <fieldset class="legend" aria-label="Kinds of query; choose which are drawn">
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={!hidden.includes(name)}
          title="Shift-click shows this kind alone"
          onClick={(event) =>
            onChange(event.shiftKey || event.altKey ? names.filter((one) => one !== name) : toggled(name))
          }
        >
          <Swatch mark={marks.get(name)} />
          <bdi>{name}</bdi>
          <span class="count">{count(ofKinds.get(name) ?? 0)}</span>
        </button>
      ))}
    </fieldset>
  );
}
