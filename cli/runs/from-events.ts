import type { BudgetTotals } from "../../core/budget.ts";
import type { StampedEvent } from "../../core/events.ts";
import type { TaskResult } from "../../graph/state.ts";
import { DatasetOutcome, type Summary, spentOn, summarise } from "../summary.ts";

/**
 * What a run came to before it ended without a word (or so far): from its events alone. Datasets without an end count as stopped.
 * Events are read with care: a line may be cut, or of another release.
 */
export function summaryFromEvents(
  run: string,
  datasets: string[],
  events: StampedEvent[],
  spent: BudgetTotals | undefined,
): Summary {
  // A node that ran again after a kill said the same twice.
  const results = [
    ...new Map(
      events
        .flatMap((event) => resultOf(event, events))
        .map((found) => [`${found.dataset}\n${found.result.candidate}`, found]),
    ).values(),
  ];
  const outcomes = datasets.map((path) => outcomeOf(path, results, events));
  const [first, last] = [events[0], events.at(-1)];
  const wall = first && last ? (Date.parse(last.time) - Date.parse(first.time)) / 1000 : 0;
  return summarise(
    run,
    outcomes,
    results.map(({ result }) => result),
    events,
    spent?.seconds ?? (Number.isFinite(wall) ? wall : 0),
  );
}

interface Found {
  dataset: string;
  result: TaskResult;
}

function resultOf(event: StampedEvent, events: StampedEvent[]): Found[] {
  const { dataset, candidate } = event;
  const accepted = event.event === "task_published";
  if (dataset === undefined || candidate === undefined) return [];
  if (!accepted && event.event !== "candidate_rejected") return [];
  const own = events.filter((other) => other.dataset === dataset && other.candidate === candidate);
  const idea = own.find((other) => other.event === "candidate_proposed");
  const designs = own.filter((other) => other.event === "stage_started" && other.stage === "design").length;
  const result: TaskResult = {
    slot: 0,
    title: text(event.title ?? idea?.title),
    candidate,
    objective: text(idea?.objective),
    metric: text(idea?.metric),
    status: accepted ? "accepted" : "rejected",
    unsoundIdea: false,
    id: accepted ? text(event.id) : null,
    path: accepted ? text(event.path) : null,
    approvedByPerson:
      accepted && own.some((other) => other.event === "person_answered" && other.decision === "approve"),
    attempts: { designer: designs, refactor: 0 },
    defects: own.filter((other) => other.event === "defects_found").flatMap(reasonsOf),
  };
  return [{ dataset, result }];
}

function reasonsOf({ attempt, defects }: StampedEvent): TaskResult["defects"] {
  if (!Array.isArray(defects)) return [];
  return defects.flatMap((defect: unknown) =>
    typeof defect === "object" && defect !== null
      ? [
          {
            attempt: typeof attempt === "number" ? attempt : 0,
            check: field(defect, "check"),
            blame: field(defect, "blame"),
            message: field(defect, "message"),
            evidence: field(defect, "evidence"),
          },
        ]
      : [],
  );
}

function outcomeOf(path: string, results: Found[], events: StampedEvent[]): DatasetOutcome {
  const own = results.filter(({ dataset }) => dataset === path).map(({ result }) => result);
  const end = events.findLast(({ event, dataset }) => event === "dataset_finished" && dataset === path);
  const status = DatasetOutcome.shape.status.safeParse(end?.status).data ?? "stopped";
  const reason = end === undefined ? "it had not come to its end" : end.reason;
  return {
    path,
    status,
    ...(reason === undefined ? {} : { reason: text(reason) }),
    tasks: own.flatMap(({ id, path: folder, title, objective, metric, candidate }) =>
      id === null || folder === null
        ? []
        : [{ id, path: folder, title, objective, metric, ...spentOn(events, path, candidate) }],
    ),
    rejected: own
      .filter((result) => result.status === "rejected")
      .map(({ title, defects }) => ({ title, defects })),
  };
}

function field(value: object, name: string): string {
  return text(Object.entries(value).find(([key]) => key === name)?.[1]);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
