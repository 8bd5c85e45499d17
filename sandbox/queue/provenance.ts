import { tracePlace } from "../../core/tracing.ts";
import { workIds } from "../../core/work-ids.ts";
import type { Ticket } from "./envelope.ts";

/** Where a job that is sent now comes from. Travels beside the job: equal jobs stay equal, whoever sends them and why. */
export function provenance(): Pick<Ticket, "trace" | "origin"> {
  const ids = Object.entries(workIds()).map(([name, id]) => [name, id.slice(0, 200)]);
  const trace = tracePlace();
  return {
    ...(trace === undefined ? {} : { trace }),
    ...(ids.length === 0 ? {} : { origin: Object.fromEntries(ids) }),
  };
}
