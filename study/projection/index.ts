export { type CellCounts, countCells, nearestPlaces, type Region } from './cells.js';
export { place } from './place.js';
export { type ProjectOptions, project } from './project.js';
