type Child = Node | string | false | null;

/**
 * Makes an HTML element with attributes and children. Strings become text nodes and are never parsed: the page
 * shows training text that nobody has vetted.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== false && child !== null));
  return made;
}

/** A text of unknown writing direction, kept apart from the words around it. */
export function foreign(text: string, attributes: Record<string, string> = {}): HTMLElement {
  return element('bdi', attributes, text);
}

/** A button that does something when pressed. */
export function button(
  attributes: Record<string, string | number | boolean>,
  onPress: (event: MouseEvent) => void,
  ...children: Child[]
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', onPress);
  return made;
}

/** The element of index.html with that id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}
