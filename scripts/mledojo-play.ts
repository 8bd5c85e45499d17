import { execFile } from "node:child_process";
import { cp, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { BadInputError, BadSubmissionError, describeError, InfrastructureError } from "../core/errors.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { TreeReference } from "../sandbox/job.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { findRuntime } from "../sandbox/runtime.ts";
import { gradeOne } from "../task/grade.ts";
import type { TaskPackage } from "../task/package/read.ts";

interface Services {
  store: ArtefactStore;
  programs: ProgramRunner;
}

const Submission = z.strictObject({
  name: z.string(),
  status: z.string(),
  score: z.number().nullable(),
  reward: z.number(),
  position: z.int().nullable(),
  places: z.int().nullable(),
  error: z.string().nullable(),
  details: z.string(),
});

/** What MLE-Dojo answered, as `mledojo_check` reports it. */
const Played = z.strictObject({
  registered: z.boolean(),
  competitions: z.int(),
  metric: z.string(),
  higherIsBetter: z.boolean(),
  information: z.strictObject({
    status: z.string(),
    overview: z.boolean(),
    sampleColumns: z.array(z.string()),
  }),
  validated: z.strictObject({ status: z.string(), error: z.string() }),
  brokenCode: z.string(),
  scored: z.array(Submission).min(1),
  bad: z.array(Submission).min(1),
  prepare: z
    .strictObject({
      ran: z.boolean(),
      message: z.string(),
      /** Files that equal the task's byte for byte. */
      equal: z.int(),
      /** Tables that differ from the task's by the last digits of numbers. */
      close: z.array(z.string()),
      different: z.array(z.string()),
    })
    .nullable(),
  versions: z.record(z.string(), z.string()),
});
export type Played = z.infer<typeof Played> & { outputs: TreeReference };

const run = promisify(execFile);

/** A checkout of MLE-Dojo and the packages of a Python that has what it needs. */
export interface Dojo {
  checkout: string;
  commit: string;
  /** Puts the packages into the store; `scratch` is a folder that does not exist yet. */
  putPackages(store: ArtefactStore, scratch: string): Promise<TreeReference>;
}

/** @throws BadInputError when there is no checkout, or when the sandbox's interpreter cannot load the packages. */
export async function findDojo(checkout: string, python: string): Promise<Dojo> {
  const registry = await stat(join(checkout, "mledojo", "competitions", "registry.py")).catch(
    () => undefined,
  );
  if (!registry?.isFile()) throw new BadInputError(`${checkout} is no checkout of MLE-Dojo.`);
  const commit = await run("git", ["-C", checkout, "rev-parse", "HEAD"]).then(
    ({ stdout }) => `commit ${stdout.trim()}`,
    () => "of an unknown commit",
  );
  const ask = "import sys, sysconfig; print('%d.%d' % sys.version_info[:2], sysconfig.get_path('platlib'))";
  const { stdout } = await run(python, ["-I", "-c", ask]).catch((error: unknown) => {
    throw new BadInputError(`${python} does not run: ${describeError(error)}`, { cause: error });
  });
  const [version = "", site = ""] = stdout.trim().split(/ (.*)/s);
  const runtime = await findRuntime();
  if (runtime === undefined)
    throw new InfrastructureError("the sandbox has no Python yet", { hint: "Run `npm run setup`." });
  if (!runtime.version.startsWith(`${version}.`)) {
    throw new BadInputError(
      `${python} is Python ${version}; the sandbox's interpreter is ${runtime.version} and cannot load its packages.`,
      { hint: `Make the environment with Python ${runtime.version.split(".").slice(0, 2).join(".")}.` },
    );
  }
  return {
    checkout,
    commit,
    async putPackages(store, scratch) {
      const unneeded = new Set(["__pycache__", "pip", "setuptools"]);
      await cp(site, scratch, {
        recursive: true,
        dereference: true,
        filter: (path) => !unneeded.has(basename(path)),
      });
      return store.putTree(scratch, { move: true });
    },
  };
}

/**
 * Has MLE-Dojo play a task. Its environment runs the code it is given with no more than resource limits, and loads
 * metric.py, which a model may have written: so all of it runs in the sandbox.
 */
export async function playDojo(
  task: TaskPackage,
  trees: Record<string, TreeReference>,
  { programs }: Services,
): Promise<Played> {
  const { id, submission, target } = task.manifest;
  const played = await programs.run({
    name: "mledojo",
    argv: ["-m", "mledojo_check"],
    packages: [join(import.meta.dirname, "mledojo_check")],
    input: {
      name: id,
      solution: {
        id: submission.id,
        kind: submission.kind,
        targets: target.columns,
        survival: target.kind === "survival",
      },
    },
    trees,
    limits: { wallMs: 600_000, memMb: 4096 },
    output: Played,
  });
  if (!played.ok)
    throw new Error(`MLE-Dojo did not play ${id}: ${played.reason}\n${played.result.stderr.slice(-2000)}`);
  return { ...played.output, outputs: played.outputs };
}

/** What MLE-Dojo answered against what it should, and against our own grade of the same submissions. */
export async function judge(
  task: TaskPackage,
  played: Played,
  services: Services,
): Promise<{ lines: string[]; wrong: string[] }> {
  const { manifest } = task;
  const lines: string[] = [];
  const wrong: string[] = [];
  const expect = (holds: boolean, otherwise: string) => {
    if (!holds) wrong.push(otherwise);
  };
  const folder = join(services.store.treePath(played.outputs), "submissions");

  lines.push(`registered as one of ${played.competitions} competitions, metric ${played.metric}`);
  expect(played.registered, "the registry does not list the task");
  expect(
    played.higherIsBetter === (manifest.metric.direction === "maximize"),
    "the metric's direction differs",
  );

  const { information } = played;
  lines.push(`request_info: ${information.status}, ${information.sampleColumns.length} columns to submit`);
  expect(information.status === "SUCCESS", "request_info failed");
  expect(information.overview, "request_info shows another description");
  const columns = [manifest.submission.id, ...manifest.submission.columns];
  expect(
    information.sampleColumns.join("\0") === columns.join("\0"),
    "request_info shows another sample submission",
  );

  lines.push(`validate_code: ${played.validated.status}; ${played.brokenCode} for code that does not parse`);
  expect(played.validated.status === "SUCCESS", `validate_code failed: ${played.validated.error}`);
  expect(played.brokenCode === "FAILED", "validate_code accepted code that does not parse");

  for (const { name, status, score, reward, position, places, details } of played.scored) {
    const ours = await ourGrade(task.folder, join(folder, `${name}.csv`), services);
    const same = score === ours ? "the same" : String(ours);
    lines.push(
      `execute_code, ${name}: ${score} (grade: ${same}), place ${position} against ${places} reference scores, reward ${reward}`,
    );
    expect(status === "SUCCESS" && score !== null, `execute_code failed on ${name}: ${details}`);
    expect(equalScores(score, ours), `${name} has the score ${score}, and ${ours} with our grade`);
    expect(places === task.certificate?.ladder.length, "the position is not one among the ladder's scores");
  }

  const refusals: string[] = [];
  for (const { name, status, error, details } of played.bad) {
    const ours = await ourGrade(task.folder, join(folder, `${name}.csv`), services);
    refusals.push(name);
    expect(
      status === "FAILED" && error === "InvalidSubmissionError",
      `${name} was not refused by MLE-Dojo as an invalid submission: ${status} ${error} ${details}`,
    );
    expect(ours === "refused", `${name} was not refused by our grade: ${ours}`);
  }
  lines.push(`refused by both: ${refusals.join(", ")}`);

  const { prepare } = played;
  if (prepare === null) lines.push("prepare: not run, the raw data are not beside the task");
  else if (prepare.ran) {
    const { equal, close, different } = prepare;
    const others = [
      ...(close.length > 0 ? [`equal but for last digits: ${close.join(", ")}`] : []),
      ...(different.length > 0 ? [`different: ${different.slice(0, 5).join(", ")}`] : []),
    ];
    lines.push([`prepare: ${equal} files equal to the task's byte for byte`, ...others].join("; "));
  } else lines.push(`prepare: fails with these packages: ${prepare.message}`);
  lines.push(
    `with ${Object.entries(played.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}`,
  );
  return { lines, wrong };
}

/**
 * Exactly equal, or to 12 digits: pandas 2, which MLE-Dojo pins, reads some numbers of 17 digits one unit in the
 * last place beside what pandas 3 reads.
 */
function equalScores(theirs: number | null, ours: number | "refused"): boolean {
  if (theirs === null || ours === "refused") return false;
  return Math.abs(theirs - ours) <= 1e-12 * Math.max(1, Math.abs(ours));
}

async function ourGrade(folder: string, submission: string, services: Services): Promise<number | "refused"> {
  try {
    return (await gradeOne(folder, submission, services)).score;
  } catch (error) {
    if (error instanceof BadSubmissionError) return "refused";
    throw error;
  }
}
