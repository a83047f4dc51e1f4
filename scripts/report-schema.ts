import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

// This file runs from dist/scripts; the project is two folders up.
const project = fileURLToPath(new URL('../../', import.meta.url));

/** The JSON Schema of report.json, from the types of the report and their descriptions. */
export function reportSchema(root: string): object {
  const schema = createGenerator({
    path: `${root}study/report/report.ts`,
    tsconfig: `${root}tsconfig.json`,
    type: 'Report',
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema('Report');
  return { ...schema, title: "densimeter's report.json" };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = `${project}study/report/report.schema.json`;
  writeFileSync(file, `${JSON.stringify(reportSchema(project), null, 2)}\n`);
}
