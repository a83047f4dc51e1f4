import type { Measurement } from '../../../client/index.js';
import { count } from './format.js';

/** What a density means: "exponential, h = 0.11 (auto: …), exact, n = 50,123". */
export function settingsText(measurement: Measurement): string {
  const { kernel, bandwidth, bandwidthRule, estimator, points } = measurement;
  const rule = bandwidthRule ? ` (${bandwidthRule})` : '';
  return `${kernel}, h\u00a0=\u00a0${bandwidthText(bandwidth)}${rule}, ${estimator}, n\u00a0=\u00a0${count(points)}`;
}

/** A measurement as the selector names it: "base · exponential, h = 0.11". */
export function measurementText({ name, kernel, bandwidth }: Measurement): string {
  return `${name} · ${kernel}, h = ${bandwidthText(bandwidth)}`;
}

function bandwidthText(bandwidth: number): string {
  return String(Number(bandwidth.toPrecision(3)));
}
