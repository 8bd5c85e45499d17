import type { CodeDesign, Design } from "../agents/roles.ts";
import type { TreeReference } from "../sandbox/job.ts";
import type { CompileContext } from "../task/compile/index.ts";
import { compileTask } from "../task/compile/index.ts";
import { featureTypes, shared, sizesOf } from "../task/compile/manifest-draft.ts";
import { attributionText } from "../task/description/attribution.ts";
import { assemblePackage, type PackageParts } from "../task/package/assemble.ts";
import { taskId } from "../task/package/task-id.ts";
import { runPrepare } from "../task/prepare.ts";
import type { Blame, Defect } from "../verifiers/defect.ts";
import type { Services } from "./services.ts";

/** A package in the store, or the defect that kept it from being one. */
export type Packaged = { ok: true; tree: TreeReference } | { ok: false; defect: Defect };

/** Brings a design into the standard layout: compiles or takes its code, prepares the data, puts the package together. */
export async function packageDesign(
  services: Services,
  design: Design,
  context: CompileContext,
): Promise<Packaged> {
  const options = { signal: services.signal };
  if (design.kind === "specification") {
    const compiled = await compileTask(design.specification, services, context, options);
    if (!compiled.ok) return { ok: false, defect: failure(compiled.problem, compiled.reason, "designer") };
    return { ok: true, tree: await assemblePackage(compiled.parts, services.store) };
  }
  const { code } = design;
  const prepared = await runPrepare({ prepare: code.prepare, raw: context.raw }, services, options);
  if (!prepared.ok) return { ok: false, defect: failure(prepared.problem, prepared.reason, "refactor") };
  const parts: PackageParts = {
    prepared: prepared.tree,
    prepare: code.prepare,
    metric: code.metricCode,
    description: code.description,
    attribution: attributionText(context.dataset),
    manifest: {
      ...manifestOf(code, context, services.configuration.seed),
      split: { ...code.split, seed: services.configuration.seed, sizes: sizesOf(prepared.report) },
      features: featureTypes(prepared.report),
    },
  };
  return { ok: true, tree: await assemblePackage(parts, services.store) };
}

function manifestOf(
  code: CodeDesign,
  { dataset, author }: CompileContext,
  seed: number,
): Omit<PackageParts["manifest"], "split" | "features"> {
  const { title, question, objective, modality, category, target, submission, auxiliary, metric, media } =
    code;
  return {
    schema: "mle-smith/task@1",
    id: taskId(dataset, { target: target.columns[0] ?? "target", content: code }, seed, author),
    title,
    question,
    objective,
    modality,
    category,
    target,
    submission: { id: "id", ...submission },
    auxiliary,
    metric: { ...metric, parameters: {} },
    media,
    ...shared(dataset, author),
  };
}

function failure(problem: string, reason: string, blame: Blame): Defect {
  return {
    check: `preparation-${problem.replaceAll("_", "-")}`,
    layer: "assertions",
    severity: "fatal",
    blame,
    message: "prepare.py does not turn the raw data into a package; mend what the evidence shows",
    evidence: reason.slice(0, 2000),
    repair: null,
  };
}
