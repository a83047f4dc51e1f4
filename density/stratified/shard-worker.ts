import { answerTasks } from '../query-workers.js';
import { gatherShared } from './gather.js';
import type { ShardOptions } from './shards.js';
import { drawShard } from './stratified.js';

answerTasks((queries, points, { worker, shared, ...options }: ShardOptions & { threads: number }) => {
  const shard = { worker, workers: shared.values.length };
  return drawShard(queries, points, options, { shard, gather: gatherShared(shared, worker) });
});
