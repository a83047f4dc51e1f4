import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { describeApi } from '../api/index.js';

type Document = ReturnType<typeof describeApi>;
type Schema = JSONSchema & Record<string, unknown>;

const FILE = 'client/paths.ts';
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

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, await clientTypes());
