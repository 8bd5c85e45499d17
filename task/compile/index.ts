import { BadInputError } from "../../core/errors.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import type { DatasetFacts } from "../dataset-facts.ts";
import { attributionText } from "../description/attribution.ts";
import type { Manifest } from "../manifest.ts";
import { compileMetric } from "../metrics/compile.ts";
import type { PackageParts } from "../package/assemble.ts";
import { runPrepare, type TaskServices } from "../prepare.ts";
import type { PreparedReport } from "../prepared-report.ts";
import type { Specification } from "../specification.ts";
import { compileDescription } from "./compile-description.ts";
import { renderPrepare } from "./compile-prepare.ts";
import { draftManifest } from "./manifest-draft.ts";
import { planTask } from "./plan.ts";

/** What a task is compiled for. */
export interface CompileContext {
  raw: TreeReference;
  dataset: DatasetFacts;
  author: Manifest["author"];
}

/** Everything that `assemblePackage` needs, or why there is none; the reason tells an author what to change. */
export type CompiledTask =
  | { ok: true; parts: PackageParts; report: PreparedReport }
  | {
      ok: false;
      problem: "specification" | "failed" | "timeout" | "not_deterministic" | "killed";
      reason: string;
    };

/**
 * Compiles a specification, prepares its data in the sandbox, and describes what was measured of them.
 * A specification that contradicts itself or does not fit the data is a result; throws InfrastructureError and
 * InterruptedError as `runPrepare` does.
 */
export async function compileTask(
  specification: Specification,
  services: TaskServices,
  context: CompileContext,
  options: { signal?: AbortSignal; seconds?: number } = {},
): Promise<CompiledTask> {
  const { dataset, author } = context;
  try {
    const plan = planTask(specification);
    const prepare = renderPrepare(plan);
    const metric = compileMetric({
      title: specification.title,
      target: plan.truth,
      auxiliary: plan.auxiliary,
      metric: specification.metric,
      id: "id",
    });
    const prepared = await runPrepare({ prepare, raw: context.raw }, services, options);
    if (!prepared.ok) return prepared;
    const { report } = prepared;
    const attribution = attributionText(dataset);
    const description = compileDescription(plan, { report, dataset, attribution: attribution !== null });
    const manifest = draftManifest(plan, { report, dataset, author });
    return {
      ok: true,
      report,
      parts: { manifest, prepared: prepared.tree, prepare, metric, description, attribution },
    };
  } catch (error) {
    if (error instanceof BadInputError) return { ok: false, problem: "specification", reason: error.message };
    throw error;
  }
}
