import type { Workplace } from "../agents/players.ts";
import type { Services } from "./services.ts";
import type { TaskValues } from "./state.ts";

/** What a role may use while it works on one candidate. */
export function workplaceOf(services: Services, state: Pick<TaskValues, "dataset"> & { candidate?: TaskValues["candidate"] }): Workplace {
  const about = { dataset: state.dataset.path, ...(state.candidate ? { candidate: state.candidate.id } : {}) };
  return {
    store: services.store,
    programs: services.programs,
    signal: services.signal,
    raw: state.dataset.raw,
    emit: (event) => services.emit({ ...about, ...event }),
    ...about,
  };
}
