import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import { type Endpoint, FILE_TYPE } from './endpoint.js';
import { endpointsOf } from './routes/index.js';
import { problemSchema } from './schemas/problem.js';
import { version } from './version.js';

/** GET /openapi.json. */
export function documentRoute(endpoints: readonly Endpoint[]): Router {
  const document = openApiDocument(endpoints);
  return Router().get('/openapi.json', (_request, response) => {
    response.json(document);
  });
}

/** The OpenAPI 3.1 document of a list of endpoints, from the schemas that they check requests by. */
export function openApiDocument(endpoints: readonly Endpoint[]) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const endpoint of endpoints) registry.registerPath(routeOf(endpoint));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'densimeter',
      version,
      description:
        'How much support a language model’s training data gives to texts, where it comes from, and how it goes with what the model scores. Density is log10 of the kernel mean f = (1/n) Σ K; losses are nats.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    // A token is needed only where the server was started with one.
    security: [{}, { token: [] }],
  });
}

function routeOf({
  method,
  path,
  operation,
  summary,
  params,
  query,
  body,
  upload,
  answer,
  problems = [],
  status = 200,
}: Endpoint): RouteConfig {
  const content =
    'content' in answer ? contentOf(answer.content) : { 'application/json': { schema: answer } };
  const statuses = [
    400,
    401,
    403,
    ...(params ? [404] : []),
    ...(body || upload ? [413, 415, 422, 503] : []),
    ...problems,
  ];
  return {
    ...{ method, path, operationId: operation, summary, tags: [tagOf(path)] },
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(body && { body: { required: true, content: { 'application/json': { schema: body } } } }),
      ...(upload && {
        body: { required: true, content: { [FILE_TYPE]: { schema: { type: 'string', format: 'binary' } } } },
      }),
    },
    responses: {
      [status]: { description: summary, content },
      ...Object.fromEntries([...new Set(statuses)].map((status) => [status, problemOf(status)])),
    },
  };
}

/** What the browsable document groups operations by: the first word of their path. */
const TAGS: Record<string, string> = {
  density: 'Ask',
  neighbours: 'Ask',
  projections: 'Map',
  jobs: 'Jobs',
  measurements: 'Jobs',
  regressions: 'Results',
  interventions: 'Results',
  leaks: 'Results',
  reports: 'Results',
  outcomes: 'Results',
};

function tagOf(path: string): string {
  return TAGS[path.split('/')[1]!] ?? 'Study';
}

function contentOf(content: Record<string, { schema?: unknown; description?: string }>) {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [
      type,
      { schema: schema ?? { type: 'string' as const } },
    ]),
  ) as NonNullable<
    RouteConfig['responses'][number] extends infer R ? (R extends { content?: infer C } ? C : never) : never
  >;
}

const REASONS: Record<number, string> = {
  400: 'A parameter or the body is wrong.',
  401: 'A token is needed.',
  403: 'The host or origin is refused, or the server only reads.',
  404: 'There is no such thing.',
  406: 'No such media type can be sent.',
  409: 'What was measured is out of date.',
  413: 'The body is too large.',
  415: 'The body is of another type.',
  422: 'The study cannot answer this.',
  503: 'Too many queries wait; try again after Retry-After.',
};

function problemOf(status: number) {
  return {
    description: REASONS[status]!,
    content: { 'application/problem+json': { schema: problemSchema } },
  };
}

/** The OpenAPI document without a study to serve: endpoints are described, not asked. */
export function describeApi() {
  const nothing = {} as never;
  return openApiDocument(endpointsOf(nothing, nothing, nothing));
}
