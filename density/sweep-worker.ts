import { answerTasks } from './query-workers.js';
import { sweepHere } from './sweep-pass.js';

answerTasks(sweepHere);
