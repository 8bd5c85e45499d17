import type { VerificationOptions } from "../verifiers/services.ts";
import type { Services } from "./services.ts";
import type { TaskValues } from "./state.ts";

/** Records what each check of a candidate cost: the seconds of a verification's jobs, part by part. */
export function jobMeasures(
  services: Services,
  { dataset, candidate }: Pick<TaskValues, "dataset" | "candidate">,
): NonNullable<VerificationOptions["onEvent"]> {
  return (event) => {
    if (event.kind !== "job_measured") return;
    const { seconds } = event;
    services.emit({ event: "job_measured", dataset, candidate: candidate.id, parts: seconds });
  };
}
