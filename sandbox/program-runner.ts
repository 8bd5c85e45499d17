import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InfrastructureError, InterruptedError } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import type { ArtefactStore } from "../core/store.ts";
import { type Facts, inSpan } from "../core/tracing.ts";
import { Job, JobLimits, JobResult, type TreeReference } from "./job.ts";
import { createPackageTrees } from "./package-trees.ts";
import type { Program, ProgramOutcome, ProgramRunner } from "./program.ts";
import { findRuntime } from "./runtime.ts";
import type { Sandbox } from "./sandbox.ts";

const tries = 3;

/** Bounds that a caller may change. */
export interface ProgramRunnerOptions {
  /** Bytes of /out/result.json that are read. */
  maximumResultBytes?: number;
}

/**
 * Runs programs as jobs of a sandbox and keeps their results in a store: equal work is done once per store, and at once only
 * once at a time.
 */
export function createProgramRunner(
  sandbox: Sandbox,
  store: ArtefactStore,
  options: ProgramRunnerOptions = {},
): ProgramRunner {
  const maximumResultBytes = options.maximumResultBytes ?? 16 * 1024 * 1024;
  const packageTree = createPackageTrees(store);
  const underway = new Map<string, Promise<JobResult>>();
  let fingerprint: Promise<string> | undefined;

  async function makeJob<Output>(program: Program<Output>): Promise<Job> {
    fingerprint ??= sandbox.fingerprint
      ? Promise.resolve(sandbox.fingerprint)
      : findRuntime().then((runtime) => runtime?.fingerprint ?? "none");
    const trees: Record<string, TreeReference> = { ...program.trees };
    for (const folder of program.packages) trees[`code/${basename(folder)}`] = await packageTree(folder);
    const work = {
      v: 1 as const,
      runtime: "python" as const,
      argv: program.argv,
      workspace: { trees, files: { "input.json": JSON.stringify(program.input ?? null) } },
      limits: JobLimits.parse(program.limits ?? {}),
    };
    return Job.parse({ ...work, id: hashValue({ ...work, fingerprint: await fingerprint }) });
  }

  /** The kept result, if its outputs are still there. */
  async function keptResult(job: Job): Promise<JobResult | undefined> {
    const kept = JobResult.safeParse(await store.getJson(resultKey(job)));
    if (!kept.success) return undefined;
    const outputs = "outputs" in kept.data ? kept.data.outputs : null;
    return outputs === null || (await store.hasTree(outputs)) ? kept.data : undefined;
  }

  async function runOnce(job: Job, name: string, signal: AbortSignal | undefined): Promise<JobResult> {
    const kept = await keptResult(job);
    if (kept) return kept;
    for (let attempt = 1; ; attempt += 1) {
      const result = await inSpan(
        "job",
        { kind: "producer", facts: factsOf(job, name, attempt) },
        async (span) => {
          const ended = await sandbox.run(job, signal ? { signal } : {});
          span.set(outcomeOf(ended));
          if (ended.status === "infra_error") span.fail(ended.status);
          return ended;
        },
      );
      if (result.status === "cancelled") return result;
      if (result.status !== "infra_error") {
        await store.putJson(resultKey(job), result);
        return result;
      }
      if (attempt === tries) {
        throw new InfrastructureError(`The sandbox failed ${tries} times to run ${name}: ${result.message}`, {
          hint: "Run `mle-smith doctor`: it says what is wrong with the sandbox.",
        });
      }
      await sleep(200 * attempt);
    }
  }

  async function resultOf(job: Job, name: string, signal: AbortSignal | undefined): Promise<JobResult> {
    for (;;) {
      if (signal?.aborted) throw new InterruptedError(`Stopped before ${name} had ended`);
      const other = underway.get(job.id);
      if (other) {
        const result = await orAborted(
          other.catch(() => undefined),
          signal,
        );
        // The other caller's work was called off or failed: ours was not.
        if (result && result.status !== "cancelled") return result;
        continue;
      }
      const own = runOnce(job, name, signal);
      underway.set(job.id, own);
      try {
        return await own;
      } finally {
        underway.delete(job.id);
      }
    }
  }

  return {
    async run(program, { signal } = {}) {
      const job = await makeJob(program);
      const result = await resultOf(job, program.name, signal);
      if (result.status === "cancelled") throw new InterruptedError(`Stopped while ${program.name} ran`);
      if (result.status !== "ok") return { ok: false, reason: reasonOf(result), result };
      return readOutput(program, result, result.outputs);
    },
  };

  async function readOutput<Output>(
    program: Program<Output>,
    result: JobResult,
    outputs: TreeReference,
  ): Promise<ProgramOutcome<Output>> {
    const path = join(store.treePath(outputs), "result.json");
    const refuse = (reason: string): ProgramOutcome<Output> => ({ ok: false, reason, result });
    const size = await stat(path).then(
      (found) => (found.isFile() ? found.size : undefined),
      () => undefined,
    );
    if (size === undefined) return refuse("it ended without writing /out/result.json");
    if (size > maximumResultBytes)
      return refuse(`/out/result.json has ${size} bytes, more than the ${maximumResultBytes} allowed`);
    let value: unknown;
    try {
      value = JSON.parse(await readFile(path, "utf8"));
    } catch (error) {
      return refuse(`/out/result.json is not JSON: ${oneLine(String(error))}`);
    }
    const parsed = program.output.safeParse(value);
    if (parsed.success) return { ok: true, output: parsed.data, outputs, result };
    const [issue] = parsed.error.issues;
    return refuse(
      `/out/result.json is not as agreed: ${oneLine(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`)}`,
    );
  }
}

/** Resolves with undefined when the signal is aborted first. */
async function orAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result | undefined> {
  if (signal === undefined) return work;
  const done = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { signal: done.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    done.abort();
  }
}

/** What a job's span says of it: `name` is ours, and so is every status. */
function factsOf(job: Job, name: string, attempt: number): Facts {
  return { "smith.program": name, "smith.job": job.id.slice(0, 16), "smith.attempt": attempt };
}

function outcomeOf({ status, timings, peakMemoryMb }: JobResult): Facts {
  return {
    "smith.status": status,
    "smith.queued_ms": Math.round(timings.queuedMs),
    "smith.run_ms": Math.round(timings.runMs),
    "smith.peak_memory_mb": peakMemoryMb,
  };
}

function resultKey(job: Job): string {
  return `job-result/${job.id}`;
}

/** One line: how the job ended, and the last line of stderr, which in Python names the error. */
function reasonOf(result: JobResult): string {
  const ended =
    result.status === "nonzero_exit" ? `exit code ${result.exitCode}` : result.status.replaceAll("_", " ");
  const last = result.stderr.trim().split("\n").at(-1) ?? "";
  return last === "" ? ended : `${ended}: ${oneLine(last)}`;
}

/** Text of the job's making, safe to print: bounded, without control characters. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .slice(0, 400);
}
