export {
  type Headline,
  headlineOf,
  type NegativeControl,
  type NestedModel,
  standardised,
} from './headline.js';
export { BASELINES, LENGTH, type Observations, observationsOf } from './observations.js';
export { type Interaction, type Panel, type PanelRun, panelOf } from './panel.js';
export { type Sensitivity, type SensitivityPoint, type SweptDensity, sensitivityOf } from './sensitivity.js';
export { type Estimate, type Slope, slopeFrom } from './slope.js';
