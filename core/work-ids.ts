import { AsyncLocalStorage } from "node:async_hooks";

/** Which run, thread of the graph, task (candidate) and node the present work is part of. */
export interface WorkIds {
  run?: string;
  thread?: string;
  task?: string;
  node?: string;
}

const present = new AsyncLocalStorage<WorkIds>();
const none: WorkIds = {};

/** The ids of the work under way; they follow it through every await. */
export function workIds(): WorkIds {
  return present.getStore() ?? none;
}

/** Does work under these ids, beside those that it is already part of. */
export function withWorkIds<Result>(ids: WorkIds, work: () => Result): Result {
  return present.run({ ...workIds(), ...ids }, work);
}
