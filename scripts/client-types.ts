import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { describeApi } from '../api/index.js';

type Document = ReturnType<typeof describeApi>;
type Schema = JSONSchema & Record<string, unknown>;

const FILE = 'client/paths.ts';
const REPORT_FILE = 'client/report.ts';
const REPORT_SCHEMA = 'study/report/report.schema.json';
const HEADER =
  '// Made from the API\'s OpenAPI document: run "npm run client-types" after a change of the API.';

/** TypeScript types of an OpenAPI document, as openapi-fetch reads them: path → method → parameters, body and responses. */
export async function clientTypes(): Promise<string> {
  const document = describeApi();
  const root = {
    title: 'Paths',
    ...objectOf(pathTypes(document)),
    $defs: document.components?.schemas ?? {},
  };
  // References to schemas, as JSON Schema writes them.
  const schema = JSON.parse(JSON.stringify(root).replaceAll('#/components/schemas/', '#/$defs/')) as Schema;
  const types = await compile(schema, 'Paths', {
    additionalProperties: false,
    bannerComment: HEADER,
    style: { singleQuote: true, printWidth: 110 },
  });
  // openapi-fetch tells statuses by number.
  return types.replace(/^(\s*)'(\d{3})':/gm, '$1$2:');
}

/** References into the middle of a definition, which the compiler does not follow, replaced by what is there. */
function inlined(value: unknown, definitions: Record<string, Schema>): unknown {
  if (Array.isArray(value)) return value.map((one) => inlined(one, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { $ref?: string };
  const path = $ref?.replace('#/definitions/', '').split('/') ?? [];
  if (path.length > 1) {
    const target = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], definitions);
    return inlined(target, definitions);
  }
  return mapValues(value as Record<string, unknown>, (one) => inlined(one, definitions));
}

function pathTypes({ paths = {} }: Document): Record<string, Schema> {
  return mapValues(paths, (methods) =>
    objectOf(mapValues(methods as Record<string, Operation>, (operation) => operationType(operation))),
  );
}

interface Operation {
  summary?: string;
  parameters?: {
    name: string;
    in: 'path' | 'query';
    required?: boolean;
    schema: Schema;
    description?: string;
  }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

function operationType({ summary, parameters = [], requestBody, responses }: Operation): Schema {
  const ofPlace = (place: string) => {
    const here = parameters.filter((one) => one.in === place);
    const schemas = Object.fromEntries(
      here.map(({ name, schema, description }) => [name, { ...schema, ...(description && { description }) }]),
    );
    return objectOf(
      schemas,
      here.filter(({ required }) => required).map(({ name }) => name),
    );
  };
  const places = [...new Set(parameters.map((one) => one.in))];
  const needed = places.filter((place) => parameters.some((one) => one.in === place && one.required));
  return {
    ...objectOf({
      parameters: objectOf(Object.fromEntries(places.map((place) => [place, ofPlace(place)])), needed),
      ...(requestBody && { requestBody: objectOf({ content: contentOf(requestBody.content) }) }),
      responses: objectOf(
        mapValues(responses, ({ content = {} }) => objectOf({ content: contentOf(content) })),
      ),
    }),
    ...(summary && { description: summary }),
  };
}

function contentOf(content: Record<string, { schema: Schema }>): Schema {
  return objectOf(mapValues(content, ({ schema }) => schema));
}

function objectOf(properties: Record<string, Schema>, required = Object.keys(properties)): Schema {
  return { type: 'object', properties, required, additionalProperties: false } as Schema;
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** TypeScript types of report.json, from its JSON Schema. */
export async function reportTypes(): Promise<string> {
  const { definitions } = JSON.parse(readFileSync(REPORT_SCHEMA, 'utf8')) as {
    definitions: Record<string, Schema>;
  };
  const { Report, ...others } = inlined(definitions, definitions) as Record<string, Schema>;
  return compile({ ...Report, definitions: others } as Schema, 'Report', {
    additionalProperties: false,
    bannerComment:
      '// Made from the schema of report.json: run "npm run client-types" after "npm run report-schema".',
    style: { singleQuote: true, printWidth: 110 },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(FILE, await clientTypes());
  writeFileSync(REPORT_FILE, await reportTypes());
}
