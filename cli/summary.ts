import { readFileSync } from "node:fs";
import { z } from "zod";
import type { StampedEvent } from "../core/events.ts";
import { noUsage, TokenUsage } from "../core/prices.ts";
import { CandidateFunnel, Reason } from "../graph/account.ts";
import { candidateFunnel } from "../graph/funnel.ts";
import type { TaskResult } from "../graph/state.ts";

const Parts = z.record(z.string(), z.number());

/** How one dataset of a run ended. */
export const DatasetOutcome = z.strictObject({
  path: z.string(),
  status: z.enum(["accepted", "nothing_accepted", "refused", "bad_input", "failed", "stopped"]),
  reason: z.string().optional(),
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      path: z.string(),
      title: z.string(),
      objective: z.string(),
      metric: z.string(),
      seconds: z.number(),
      cost: z.number(),
    }),
  ),
  rejected: z.array(z.strictObject({ title: z.string(), defects: z.array(Reason) })),
});
export type DatasetOutcome = z.infer<typeof DatasetOutcome>;

const Count = z.int().nonnegative();

/** Where candidates were lost, and what it cost: the account that the paper leaves open. */
export const Funnel = z.strictObject({
  ...CandidateFunnel.shape,
  datasets: Count,
  datasetsWithTasks: Count,
  datasetsRefused: Count,
  /** Sum over stages of seconds spent in them (stages run in parallel: more than the wall time). */
  secondsByStage: z.record(z.string(), z.number()),
  /** Sum over candidates of the seconds of each check, or of what several checks judge; the dearest first. */
  secondsByCheck: z.record(z.string(), z.number()).default({}),
  /** Model calls, tokens and dollars by role. */
  modelByRole: z.record(
    z.string(),
    z.strictObject({
      calls: Count,
      promptTokens: Count,
      cachedTokens: Count,
      outputTokens: Count,
      cost: z.number(),
    }),
  ),
});
export type Funnel = z.infer<typeof Funnel>;

/** What a run came to, kept as `summary.json`. */
export const Summary = z.strictObject({
  run: z.string(),
  datasets: z.array(DatasetOutcome),
  funnel: Funnel,
  seconds: z.number(),
  cost: z.number(),
});
export type Summary = z.infer<typeof Summary>;

const Line = z.looseObject({
  event: z.string(),
  time: z.string(),
  dataset: z.string().optional(),
  candidate: z.string().optional(),
});

/** Every whole line of `events.jsonl`; a line cut by a kill, or that is no event, is passed over. */
export function readEvents(path: string): StampedEvent[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    if (line === "") return [];
    try {
      const event = Line.safeParse(JSON.parse(line));
      return event.success ? [event.data as StampedEvent] : [];
    } catch {
      return [];
    }
  });
}

/** Seconds and dollars that stages and model calls spent on one candidate. */
export function spentOn(
  events: StampedEvent[],
  dataset: string,
  candidate: string,
): { seconds: number; cost: number } {
  const own = events.filter((event) => event.dataset === dataset && event.candidate === candidate);
  return { seconds: total(own, "seconds", ["stage_finished"]), cost: total(own, "cost", ["model_call"]) };
}

/** Adds up the events and outcomes of a run. */
export function summarise(
  run: string,
  datasets: DatasetOutcome[],
  results: TaskResult[],
  events: StampedEvent[],
  seconds: number,
): Summary {
  const funnel: Funnel = {
    datasets: datasets.length,
    datasetsWithTasks: datasets.filter((dataset) => dataset.tasks.length > 0).length,
    datasetsRefused: datasets.filter((dataset) => dataset.status === "refused").length,
    ...candidateFunnel(results),
    secondsByStage: sumBy(events.filter((event) => event.event === "stage_finished")),
    secondsByCheck: secondsByCheck(events),
    modelByRole: modelByRole(events),
  };
  return {
    run,
    datasets,
    funnel,
    seconds: round(seconds),
    cost: round(total(events, "cost", ["model_call"]), 6),
  };
}

function sumBy(events: StampedEvent[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const event of events) {
    const name = String(event.stage);
    sums[name] = round((sums[name] ?? 0) + numeric(event.seconds));
  }
  return sums;
}

function secondsByCheck(events: StampedEvent[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const event of events) {
    const parts = event.event === "job_measured" ? Parts.safeParse(event.parts) : undefined;
    for (const [part, seconds] of Object.entries(parts?.data ?? {}))
      sums.set(part, (sums.get(part) ?? 0) + seconds);
  }
  const dearest = [...sums].sort((left, right) => right[1] - left[1]);
  return Object.fromEntries(dearest.map(([part, seconds]) => [part, round(seconds)]));
}

function modelByRole(events: StampedEvent[]): Funnel["modelByRole"] {
  const roles: Funnel["modelByRole"] = {};
  for (const event of events) {
    if (event.event !== "model_call") continue;
    const role = String(event.role);
    roles[role] ??= { calls: 0, promptTokens: 0, cachedTokens: 0, outputTokens: 0, cost: 0 };
    const sums = roles[role];
    sums.calls += 1;
    const tokens = TokenUsage.safeParse(event.tokens).data ?? noUsage;
    sums.promptTokens += tokens.prompt;
    sums.cachedTokens += tokens.cached;
    sums.outputTokens += tokens.output;
    sums.cost = round(sums.cost + numeric(event.cost), 6);
  }
  return roles;
}

function total(events: StampedEvent[], field: string, names: string[]): number {
  return events
    .filter((event) => names.includes(event.event))
    .reduce((sum, event) => sum + numeric(event[field]), 0);
}

function numeric(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
