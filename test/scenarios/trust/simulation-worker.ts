/** Plays simulations in a thread of its own, where no test runner watches each promise, and tells how each ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './simulation.ts';

/** Seeds from `first` on. */
export interface Work {
  readonly first: number;
  readonly count: number;
}

const { first, count } = workerData as Work;
for (let seed = first; seed < first + count; seed++) parentPort?.postMessage(await simulate(seed));
