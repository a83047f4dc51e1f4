import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Engine } from './engine/index.js';

/** What the server counts, for Prometheus. */
export interface Metrics {
  timed: RequestHandler;
  /** GET /metrics */
  endpoint: RequestHandler;
  watch(engine: Pick<Engine, 'waiting'>): void;
  onBatch(queries: number): void;
  onCache(hit: boolean): void;
  onTouched(share: number): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Opens the counters of one server. */
export function openMetrics(): Metrics {
  const registers = [new Registry()];
  collectDefaultMetrics({ register: registers[0]! });
  const latency = new Histogram({
    ...{ registers, name: 'densimeter_request_seconds', help: 'Time to answer a request, by route' },
    ...{ labelNames: ['method', 'route', 'status'] as const, buckets: SECONDS },
  });
  const batch = new Histogram({
    ...{ registers, name: 'densimeter_batch_queries', help: 'Density queries that were worked on together' },
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
  });
  const cache = new Counter({
    ...{ registers, name: 'densimeter_cache_lookups_total', help: 'Density queries looked up in the cache' },
    labelNames: ['hit'] as const,
  });
  const touched = new Histogram({
    ...{
      registers,
      name: 'densimeter_touched_share',
      help: 'Share of the training points looked at, per query',
    },
    buckets: [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
  });
  return {
    timed(request, response, next) {
      const end = latency.startTimer({ method: request.method });
      response.once('close', () => {
        // The pattern, never the path itself, which would make a series for every id.
        const route = request.route ? `${request.baseUrl}${String(request.route.path)}` : 'none';
        end({ route, status: response.statusCode });
      });
      next();
    },
    async endpoint(_request, response) {
      response.type(registers[0]!.contentType).send(await registers[0]!.metrics());
    },
    watch(engine) {
      new Gauge({
        ...{ registers, name: 'densimeter_queue_queries', help: 'Density queries that wait' },
        collect() {
          this.set(engine.waiting);
        },
      });
    },
    onBatch: (queries) => batch.observe(queries),
    onCache: (hit) => cache.inc({ hit: String(hit) }),
    onTouched: (share) => touched.observe(share),
  };
}
