import type { ComponentChildren } from 'preact';

/** A choice among a few things, or many. */
export function Select<T extends string>({
  id,
  title,
  value,
  options,
  onChange,
}: {
  id: string;
  title: string;
  value: T;
  options: readonly (readonly [value: T, text: string])[];
  onChange: (value: T) => void;
}) {
  return (
    <label class="control" for={id}>
      <span>{title}</span>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A choice among a few things that are all seen. */
export function Segments<T extends string>({
  name,
  title,
  value,
  options,
  onChange,
}: {
  name: string;
  title: string;
  value: T;
  options: readonly (readonly [value: T, text: string])[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset class="control">
      <legend>{title}</legend>
      <div class="segments">
        {options.map(([one, text]) => (
          <label key={one}>
            <input
              type="radio"
              name={name}
              value={one}
              checked={one === value}
              onChange={() => onChange(one)}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A setting that is on, which can be taken away. */
export function Pill({ onRemove, children }: { onRemove: () => void; children: ComponentChildren }) {
  return (
    <span class="pill">
      {children}
      <button type="button" aria-label="Remove" onClick={onRemove}>
        ×
      </button>
    </span>
  );
}
