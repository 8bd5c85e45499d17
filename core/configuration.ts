import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { BadInputError, describeError } from "./errors.ts";

const Price = z.strictObject({
  /** US dollars per million tokens. */
  input: z.number().nonnegative(),
  cachedInput: z.number().nonnegative().optional(),
  output: z.number().nonnegative(),
});

const RoleName = z.enum(["brainstormer", "designer", "refactor", "reviewer", "solver"]);

/** All that can be configured. Defaults, then file (`-c`), then environment, then flags; saved with every run. */
export const Configuration = z.strictObject({
  model: z
    .string()
    .min(1)
    .default("rules")
    .describe("Who plays the roles: `rules`, or the name of a model behind OPENAI_BASE_URL."),
  models: z
    .partialRecord(RoleName, z.string().min(1))
    .default({})
    .describe(
      "Another model (or `rules`) for one role: `brainstormer`, `designer`, `refactor`, `reviewer`, `solver`. The solver is a coding agent that must solve each task; by rules it is left to the reference solvers alone.",
    ),
  solver: z
    .strictObject({
      actions: z
        .int()
        .min(1)
        .max(100)
        .default(8)
        .describe("Actions that it may take in the interactive environment of a task."),
    })
    .prefault({})
    .describe("The coding agent, where a model plays it."),
  baseUrl: z
    .string()
    .default("")
    .describe("Base URL of an OpenAI-compatible endpoint; empty for the default of the OpenAI client."),
  prices: z.record(z.string(), Price).default({}).describe("Price per model, needed for `maxCost`."),
  tasks: z.int().min(1).max(10).default(3).describe("Candidates per dataset, at most."),
  seed: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .describe("Seeds splits, sample submissions and learners."),
  workers: z
    .int()
    .min(0)
    .max(256)
    .default(0)
    .describe("Sandboxes at once, and datasets worked on at once; 0: one per core."),
  engine: z
    .enum(["auto", "docker", "bubblewrap"])
    .default("auto")
    .describe("What runs jobs; `auto`: Docker where a daemon answers and has the image, else bubblewrap."),
  docker: z
    .strictObject({
      host: z
        .string()
        .default("")
        .describe("Address of the daemon; empty: DOCKER_HOST, else the usual socket."),
      runtime: z
        .string()
        .default("")
        .describe("Runtime of its containers, e.g. `runsc`; empty: its default."),
    })
    .prefault({})
    .describe("The Docker daemon, on this machine or another."),
  maxCost: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("US dollars that models may cost in the whole run."),
  timeLimit: z.number().positive().nullable().default(null).describe("Seconds that the run may take."),
  noValues: z
    .boolean()
    .default(false)
    .describe("Send statistics and names only to a model: no values, no text of the data."),
  retry: z
    .strictObject({
      attempts: z.int().min(1).max(20).optional(),
      baseMs: z.int().positive().optional(),
      maximumMs: z.int().positive().optional(),
      longestRetryAfterMs: z.int().positive().optional(),
      timeoutMs: z.int().positive().optional(),
    })
    .default({})
    .describe("How often and how patiently a model's endpoint is tried; milliseconds."),
  answers: z
    .string()
    .nullable()
    .default(null)
    .describe(
      "Folder that a model's answers are recorded in, one file per request; null: in the run's store.",
    ),
  replay: z.boolean().default(false).describe("Answer from that folder alone and ask no endpoint."),
  license: z
    .string()
    .nullable()
    .default(null)
    .describe("Licence of the data as the user states it; never guessed."),
  attempts: z
    .strictObject({
      designer: z.int().min(1).max(10).default(3).describe("Designs of one candidate, in total."),
      refactor: z.int().min(1).max(10).default(3).describe("Reworks of one candidate's form, in total."),
    })
    .prefault({})
    .describe("How often a candidate may be tried."),
  approve: z
    .strictObject({
      candidates: z
        .boolean()
        .default(false)
        .describe("Ask a person which candidates become tasks; they may be dropped and edited."),
      tasks: z
        .boolean()
        .default(false)
        .describe("Ask a person before each task is published; it may be rejected or sent back."),
    })
    .prefault({})
    .describe("Where a run waits for a person (docs/people.md)."),
  nats: z
    .strictObject({
      url: z
        .string()
        .min(1)
        .nullable()
        .default(null)
        .describe(
          "Server through which jobs go to runners (`mle-smith runner`); null: jobs run in this process.",
        ),
      creds: z.string().nullable().default(null).describe("File with the producer's credentials."),
      tlsCa: z
        .string()
        .nullable()
        .default(null)
        .describe("PEM file of the authority of the server's certificate."),
      tlsCert: z.string().nullable().default(null).describe("PEM file of a client's certificate."),
      tlsKey: z.string().nullable().default(null).describe("PEM file of that certificate's key."),
    })
    .prefault({})
    .describe("Queue for jobs on NATS JetStream; a token is read from `MLE_SMITH_NATS_TOKEN` alone."),
  log: z
    .enum(["silent", "error", "warn", "info", "debug"])
    .default("info")
    .describe("What is kept in a run's `log.jsonl`, for debugging."),
});
export type Configuration = z.infer<typeof Configuration>;

/** Sources of a configuration, weakest first. `set` holds `a.b=c` texts of the command line. */
export interface ConfigurationSources {
  file?: string;
  environment?: NodeJS.ProcessEnv;
  flags?: Record<string, unknown>;
  set?: string[];
}

/** Merges and validates the sources. Throws BadInputError that names the field and the source. */
export function loadConfiguration(sources: ConfigurationSources): Configuration {
  let merged: Record<string, unknown> = {};
  if (sources.file !== undefined) merged = mergeInto(merged, readFile(sources.file));
  merged = mergeInto(merged, fromEnvironment(sources.environment ?? {}));
  merged = mergeInto(merged, dropUndefined(sources.flags ?? {}));
  for (const assignment of sources.set ?? []) merged = mergeInto(merged, fromAssignment(assignment));
  const parsed = Configuration.safeParse(merged);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new BadInputError(
    `configuration: ${issue?.path.join(".") || "(root)"}: ${issue?.message ?? "invalid"}`,
    {
      hint: "see `mle-smith generate --help` for the options and docs/configuration.md for every field",
    },
  );
}

function readFile(path: string): Record<string, unknown> {
  try {
    const content: unknown = parse(readFileSync(path, "utf8"));
    if (isRecord(content)) return content;
    if (content === null || content === undefined) return {};
  } catch (error) {
    throw new BadInputError(`configuration file ${path}: ${describeError(error)}`, { cause: error });
  }
  throw new BadInputError(`configuration file ${path} does not hold a mapping`);
}

/** MLE_SMITH_MODEL, MLE_SMITH_ENGINE, MLE_SMITH_NATS_URL … and OPENAI_BASE_URL. */
function fromEnvironment(environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of ["model", "workers", "seed", "log", "engine"]) {
    const value = environment[`MLE_SMITH_${key.toUpperCase()}`];
    if (value !== undefined && value !== "") result[key] = scalar(value);
  }
  if (environment.OPENAI_BASE_URL) result.baseUrl = environment.OPENAI_BASE_URL;
  if (environment.MLE_SMITH_NATS_URL)
    result.nats = dropUndefined({
      url: environment.MLE_SMITH_NATS_URL,
      creds: environment.MLE_SMITH_NATS_CREDS || undefined,
      tlsCa: environment.MLE_SMITH_NATS_CA || undefined,
    });
  return result;
}

function fromAssignment(assignment: string): Record<string, unknown> {
  const at = assignment.indexOf("=");
  if (at <= 0)
    throw new BadInputError(`--set ${assignment}: expected field=value, e.g. --set attempts.designer=2`);
  const value = scalar(assignment.slice(at + 1));
  return assignment
    .slice(0, at)
    .split(".")
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

function scalar(text: string): unknown {
  const value: unknown = parse(text);
  return typeof value === "object" && value !== null ? value : (value ?? text);
}

function mergeInto(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const earlier = result[key];
    result[key] = isRecord(earlier) && isRecord(value) ? mergeInto(earlier, value) : value;
  }
  return result;
}

function dropUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
