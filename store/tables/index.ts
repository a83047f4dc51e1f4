export { type Cell, columnsOf, type Row } from './columns.js';
export { csvLines, jsonLines } from './csv.js';
export { writeParquet } from './parquet.js';
