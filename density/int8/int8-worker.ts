import { answerTasks } from '../query-workers.js';
import { int8Pass } from './int8-pass.js';

answerTasks(int8Pass);
