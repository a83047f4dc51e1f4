import { useEffect, useState } from 'preact/hooks';
import { useNavigation } from '../../app/navigation.js';
import { COLOURS, type ColourBy, type Outcome } from '../../app/state.js';
import { answerOf, client } from '../../data/api.js';
import { measurementOf, runOf, useStudy } from '../../data/study.js';
import { useAnswer } from '../../data/use-answer.js';
import { Segments, Select } from '../../parts/controls.js';
import { measurementText } from '../../parts/settings-text.js';

const COLOUR_NAMES: Record<ColourBy, string> = {
  kind: 'Kind',
  source: 'Source',
  document: 'Document',
  leak: 'Suspected leak',
  arm: 'Arm of the intervention',
};

const MARKS: readonly (readonly ['points' | 'hexagons', string])[] = [
  ['points', 'Points'],
  ['hexagons', 'Hexagons'],
];

/** What is drawn: measurement, run, outcome, colour, small charts, and a filter by words. */
export function ExploreControls() {
  const study = useStudy();
  const { state, go, adjust } = useNavigation();
  const interventions = useAnswer('interventions', (signal) =>
    answerOf(client.GET('/interventions', { signal })),
  ).data;
  const outcomes: (readonly [Outcome, string])[] = [
    ['loss', 'Loss (nats)'],
    ['perplexity', 'Perplexity'],
    ['bits', 'Loss (bits)'],
    ...(interventions?.rows.map(({ name }) => [`gain:${name}`, `Gain by ${name}`] as const) ?? []),
  ];
  const [text, setText] = useState(state.text);
  useEffect(() => setText(state.text), [state.text]);
  return (
    <div class="controls">
      <Select
        id="measurement"
        title="Density"
        value={String(measurementOf(study, state)?.id)}
        options={study.measurements.map((one) => [String(one.id), measurementText(one)] as const)}
        onChange={(id) => go({ measurement: Number(id) })}
      />
      <Select
        id="run"
        title="Run"
        value={runOf(study, state) ?? ''}
        options={study.runs.map(({ name }) => [name, name] as const)}
        onChange={(run) => go({ run })}
      />
      <Select
        id="outcome"
        title="Outcome"
        value={state.y}
        options={outcomes}
        onChange={(y) => go({ y, region: null })}
      />
      <Select
        id="colour"
        title="Colour"
        value={state.colour}
        options={COLOURS.map((one) => [one, COLOUR_NAMES[one]] as const)}
        onChange={(colour) => go({ colour })}
      />
      <Segments
        name="marks"
        title="Drawn as"
        value={state.marks}
        options={MARKS}
        onChange={(marks) => go({ marks })}
      />
      <label class="control check">
        <span>Running median</span>
        <input
          type="checkbox"
          checked={state.smooth}
          onChange={(event) => go({ smooth: event.currentTarget.checked })}
        />
      </label>
      <label class="control check">
        <span>Small charts</span>
        <input
          type="checkbox"
          checked={state.facets}
          onChange={(event) => go({ facets: event.currentTarget.checked })}
        />
      </label>
      <label class="control">
        <span>Words, source or document</span>
        <input
          type="search"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            adjust({ text: event.currentTarget.value });
          }}
        />
      </label>
    </div>
  );
}
