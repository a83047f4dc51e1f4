import { answerTasks } from './query-workers.js';
import { topKSharesHere } from './top-k-pass.js';

answerTasks(topKSharesHere);
