import { parseHTML } from 'linkedom';
import { visible } from './text.js';

/** What an element can hold; a string becomes a text node, whatever is in it, and null nothing. */
export type Child = Node | string | null;

const { document } = parseHTML('<!doctype html><html></html>');
const UNESCAPED = new Set<string>(['script', 'style', 'textarea', 'title']);
const SVG = 'http://www.w3.org/2000/svg';

/**
 * An HTML element with its attributes and children. Text of corpora and queries may only be a child.
 *
 * @throws Error for an attribute with markup in it: attributes are this program's own words; and for an element whose
 * text linkedom writes as it stands
 */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  if (UNESCAPED.has(name)) throw new Error(`<${name}> has a function of its own`);
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (/[&<>"]/.test(value)) throw new Error(`<${name} ${key}> may not hold ${JSON.stringify(value)}`);
    element.setAttribute(key, value);
  }
  for (const child of children) {
    if (child === null) continue;
    element.append(typeof child === 'string' ? document.createTextNode(visible(child)) : child);
  }
  return element;
}

/** An empty `<svg>` element of a size in user units, for d3 to draw in. */
export function svg(width: number, height: number): SVGSVGElement {
  const element = document.createElementNS(SVG, 'svg');
  element.setAttribute('xmlns', SVG);
  element.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return element;
}

/** The page's `<title>`, whose text linkedom does not escape: it is done here. */
export function pageTitle(text: string): HTMLTitleElement {
  const element = document.createElement('title');
  element.textContent = visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return element;
}

/** A `<style>` element; the style sheet is this program's own. */
export function style(css: string): HTMLStyleElement {
  const element = document.createElement('style');
  element.textContent = css;
  return element;
}
