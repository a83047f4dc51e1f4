import type { Measurement, Run } from '../../client/index.js';
import { byId, element } from './element.js';
import { measurementText } from './settings-text.js';
import type { Scale, ViewState } from './view-state.js';

const SCALES: readonly [Scale, string][] = [
  ['loss', 'Loss'],
  ['perplexity', 'Perplexity'],
];

/** What the controls offer and what is chosen. */
export interface ControlsModel {
  measurements: readonly Measurement[];
  runs: readonly Run[];
  measurement: number | null;
  run: string | null;
  y: Scale;
}

/** Shows the selectors of measurement, run and vertical scale; `onChange` hears of every choice. */
export function showControls(model: ControlsModel, onChange: (patch: Partial<ViewState>) => void): void {
  const measurements = model.measurements.map((one): Option => [String(one.id), measurementText(one)]);
  const runs = model.runs.map(({ name }): Option => [name, name]);
  const root = byId('controls');
  const focused = root.contains(document.activeElement) ? document.activeElement?.id : undefined;
  root.replaceChildren(
    selector('measurement', 'Density', measurements, String(model.measurement), (value) =>
      onChange({ measurement: Number(value) }),
    ),
    selector('run', 'Run', runs, model.run ?? '', (run) => onChange({ run })),
    scaleChoice(model.y, (y) => onChange({ y })),
  );
  if (focused) document.getElementById(focused)?.focus();
}

type Option = [value: string, text: string];

function selector(
  id: string,
  title: string,
  options: readonly Option[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLElement {
  const select = element(
    'select',
    { id },
    ...options.map(([value, text]) => element('option', { value, selected: value === chosen }, text)),
  );
  select.addEventListener('change', () => onChange(select.value));
  return element('label', { class: 'control', for: id }, element('span', {}, title), select);
}

function scaleChoice(chosen: Scale, onChange: (scale: Scale) => void): HTMLElement {
  const segments = SCALES.map(([scale, text]) => {
    const input = element('input', {
      type: 'radio',
      name: 'y',
      id: `y-${scale}`,
      value: scale,
      checked: scale === chosen,
    });
    input.addEventListener('change', () => onChange(scale));
    return element('label', {}, input, text);
  });
  return element(
    'fieldset',
    { class: 'control' },
    element('legend', {}, 'Vertical axis'),
    element('div', { class: 'segments' }, ...segments),
  );
}
