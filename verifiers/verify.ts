import type { TreeReference } from "../sandbox/job.ts";
import { gradeSubmissions, queryColumn } from "../task/grade.ts";
import type { Manifest } from "../task/manifest.ts";
import { checkCatalogue } from "./catalogue.ts";
import { isAccepted, recordOf, runCheck } from "./check.ts";
import type { CheckRecord } from "./defect.ts";
import { type Executed, executeTask, executionChecks } from "./execution/execute.ts";
import { inspectPackage, type TestSubmission } from "./inspect.ts";
import { type MountedPackage, mountPackage, openPackage, type TaskPackage } from "./package.ts";
import { repeatPreparation } from "./preparation.ts";
import { loadChecks } from "./registry.ts";
import { announce, isChosen, runAll } from "./run-checks.ts";
import type { MetricContext } from "./scores.ts";
import type { VerificationOptions, VerificationServices } from "./services.ts";

/** The verdict on a package. */
export interface Verification extends Executed {
  accepted: boolean;
}

export type AssertionOptions = VerificationOptions & {
  /** The dataset's raw folder, when it is at hand. */
  raw?: TreeReference;
  /** Raw data on which `prepare.py` is run again, to be compared with the package. */
  preparation?: TreeReference;
};

const PACKAGE_CHECKS = new URL("./assertions/package/", import.meta.url);
const PREPARATION_CHECKS = new URL("./assertions/preparation/", import.meta.url);
const METRIC_CHECKS = new URL("./assertions/metric/", import.meta.url);

/** Package checks after which nothing else can be measured. */
const FOUNDATIONS = new Set(["package-file-missing", "package-file-unexpected", "manifest-invalid"]);

/**
 * The first layer on a package: its folder, its data and sources, its metric. `where` is a folder or a tree of the
 * store. Throws BadInputError when there is no such folder, InfrastructureError when something of ours failed.
 */
export async function assertPackage(
  where: string | TreeReference,
  services: VerificationServices,
  options: AssertionOptions = {},
): Promise<CheckRecord[]> {
  const task = await openPackage(typeof where === "string" ? where : services.store.treePath(where));
  return (await assertOpened(task, services, options)).records;
}

/**
 * The third layer on a package that passed the first: the reference solvers, then the coding agent where there is one,
 * graded by the task's metric. What the agent throws is thrown: it is no verdict on the task.
 */
export async function runLadder(
  where: string | TreeReference,
  services: VerificationServices,
  options: VerificationOptions = {},
): Promise<Executed> {
  const task = await openPackage(typeof where === "string" ? where : services.store.treePath(where));
  if (task.manifest === null)
    return { records: await runAll(PACKAGE_CHECKS, task, options), ladder: [], agent: null };
  const mounted = await mountPackage({ ...task, manifest: task.manifest }, services);
  return await executeTask(mounted, services, options);
}

/** Every check on a folder, whoever made it; the ladder only where the assertions found nothing that sends it back. */
export async function verifyPackage(
  where: string | TreeReference,
  services: VerificationServices,
  options: AssertionOptions = {},
): Promise<Verification> {
  const task = await openPackage(typeof where === "string" ? where : services.store.treePath(where));
  const { records, mounted } = await assertOpened(task, services, options);
  const left = await leftOut(records, options);
  if (mounted === null || !isAccepted(records))
    return { accepted: false, records: [...records, ...left], ladder: [], agent: null };
  if (!(await executionChecks()).some((check) => isChosen(check, options)))
    return { accepted: true, records: [...records, ...left], ladder: [], agent: null };
  const executed = await executeTask(mounted, services, options);
  const all = [...records, ...executed.records];
  return { ...executed, accepted: isAccepted(all), records: [...all, ...left] };
}

/** Records of the checks that were left out with a reason, so that nothing is silently missing. */
async function leftOut(
  records: CheckRecord[],
  { skip = {}, only }: VerificationOptions,
): Promise<CheckRecord[]> {
  if (Object.keys(skip).length === 0) return [];
  const all = (await checkCatalogue()).flatMap((part) => part.checks);
  const known = new Set(records.map((record) => record.check));
  return all.flatMap((check) => {
    const reason = skip[check.id];
    const wanted = only === undefined || only.includes(check.id);
    return reason === undefined || known.has(check.id) || !wanted
      ? []
      : [recordOf(check, { skipped: reason })];
  });
}

async function assertOpened(
  task: TaskPackage,
  services: VerificationServices,
  options: AssertionOptions,
): Promise<{ records: CheckRecord[]; mounted: MountedPackage | null }> {
  options.onEvent?.({ kind: "stage_started", stage: "package" });
  const records = await runAll(PACKAGE_CHECKS, task, options);
  const foundation = [...records];
  // What the rest stands on is judged even when it was not asked for.
  for (const check of await loadChecks<TaskPackage>(PACKAGE_CHECKS))
    if (
      FOUNDATIONS.has(check.id) &&
      options.skip?.[check.id] === undefined &&
      !records.some((record) => record.check === check.id)
    )
      foundation.push(runCheck(check, task));
  const broken = foundation.filter((record) => FOUNDATIONS.has(record.check) && record.verdict === "defect");
  if (broken.length > 0 || task.manifest === null)
    return { records: [...broken.filter((record) => !records.includes(record)), ...records], mounted: null };

  if (options.preparation !== undefined) {
    options.onEvent?.({ kind: "stage_started", stage: "preparation" });
    const repeated = await repeatPreparation(task, options.preparation, services, options);
    records.push(...(await runAll(PREPARATION_CHECKS, repeated, options)));
  }
  const mounted = await mountPackage({ ...task, manifest: task.manifest }, services);
  options.onEvent?.({ kind: "stage_started", stage: "inspect" });
  const metricChecks = (await loadChecks<MetricContext>(METRIC_CHECKS)).filter((check) =>
    isChosen(check, options),
  );
  const inspection = await inspectPackage(mounted, services, {
    ...options,
    submissions: metricChecks.length > 0,
  });
  for (const record of inspection.records) announce(record, options);
  records.push(...inspection.records);
  const { submissions, scored } = inspection;
  if (scored !== null) {
    options.onEvent?.({ kind: "stage_started", stage: "metric" });
    const graded = await gradeTests(mounted, { submissions, scored }, services, options);
    records.push(...(await runAll(METRIC_CHECKS, graded, options)));
  }
  return { records, mounted };
}

/** What the task's metric makes of the test submissions. */
async function gradeTests(
  task: MountedPackage,
  inspection: { submissions: TestSubmission[]; scored: TreeReference },
  services: VerificationServices,
  options: VerificationOptions,
): Promise<MetricContext> {
  const manifest: Manifest = task.manifest;
  const outcome = await gradeSubmissions(
    {
      privateTree: inspection.scored,
      metricCode: task.texts.metric ?? "",
      submissions: inspection.submissions.map(({ name, expect }) => ({
        name,
        thorough: expect === "refused" || name === "sample" || name === "noise-1",
        tree: inspection.scored,
        path: `submissions/${name}.csv`,
        bootstrap: false,
      })),
      bootstrap: null,
      query: queryColumn(manifest),
    },
    services,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  options.onEvent?.({
    kind: "job_measured",
    seconds: { "scoring of test submissions": outcome.result.timings.runMs / 1000 },
  });
  if (!outcome.ok) return { manifest, report: null, problem: outcome.reason, graded: [] };
  const results = new Map(outcome.report.results.map((result) => [result.name, result]));
  const tolerated = new Set(options.tolerated?.map((fault) => `bad-${fault}`));
  const graded = inspection.submissions.flatMap((submission) => {
    const result = results.get(submission.name);
    return result === undefined || tolerated.has(submission.name) ? [] : [{ ...submission, result }];
  });
  return { manifest, report: outcome.report, problem: null, graded };
}
