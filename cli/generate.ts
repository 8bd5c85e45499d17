import { setMaxListeners } from "node:events";
import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { Command } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { createPlayers } from "../agents/create-players.ts";
import { Budget } from "../core/budget.ts";
import { BadInputError, BudgetError, InterruptedError } from "../core/errors.ts";
import { type EventListener, EventLog } from "../core/events.ts";
import { inParallel } from "../core/in-parallel.ts";
import { createLog } from "../core/log.ts";
import { ownProcessName } from "../core/process-name.ts";
import { removeStore } from "../core/store/folder-store.ts";
import { openStore } from "../core/store.ts";
import { inSpan } from "../core/tracing.ts";
import { withWorkIds } from "../core/work-ids.ts";
import type { Services } from "../graph/services.ts";
import { createSmithGraph, recursionLimit } from "../graph/smith-graph.ts";
import type { SmithValues, TaskResult } from "../graph/state.ts";
import { openEngine } from "../sandbox/open-engine.ts";
import { createProgramRunner } from "../sandbox/program-runner.ts";
import { OpenStages } from "./open-stages.ts";
import { addSpending, type Ended, failureOf, outcomeOf, tasksOf } from "./outcomes.ts";
import { answerAll, type Person } from "./people/person.ts";
import { WorkingTime } from "./people/working-time.ts";
import { writeReport } from "./report/write-report.ts";
import { type RunFolder, readSpent, runningFile, workerOf, writeWhole } from "./run-folder.ts";
import { type DatasetOutcome, readEvents, type Summary, summarise } from "./summary.ts";

export interface GenerateOptions {
  /** Told of every event as it happens. */
  listener?: EventListener;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Who is asked where the configuration wants a person's word. */
  person?: Person;
}

/**
 * Runs every dataset of a run through the graph and keeps its record. A resumed run goes on where its checkpoints
 * end; jobs that have results are not run again. Never throws for one dataset: its outcome says what happened.
 * @throws BadInputError while another process works on the run.
 */
export async function runGenerate(run: RunFolder, options: GenerateOptions): Promise<Summary> {
  const facts = { "smith.datasets": run.request.datasets.length };
  return withWorkIds({ run: run.request.run }, () => inSpan("run", { facts }, () => generate(run, options)));
}

async function generate(run: RunFolder, options: GenerateOptions): Promise<Summary> {
  const { configuration, datasets, run: id } = run.request;
  const { person = nobody } = options;
  const worker = await workerOf(run.folder);
  if (worker !== undefined)
    throw new BadInputError(`the run ${id} is under way: ${worker} works on it`, {
      hint: "wait until it has ended, or end that process, and resume it then",
    });
  const eventsPath = join(run.folder, "events.jsonl");
  const earlier = readEvents(eventsPath);
  const events = new EventLog(eventsPath);
  if (options.listener) events.listen(options.listener);
  const stages = new OpenStages();
  events.listen(stages.listener);
  const log = createLog({ level: configuration.log, file: join(run.folder, "log.jsonl") });
  events.listen(({ event, ...facts }) =>
    event.endsWith("_failed") ? log.warn(facts, event) : log.info(facts, event),
  );
  const stop = new AbortController();
  // Every job under way listens; their number is bounded by the slots of the sandbox and the queue before it.
  setMaxListeners(0, stop.signal);
  const relay = () => stop.abort(options.signal.reason ?? new InterruptedError("the run was interrupted"));
  options.signal.addEventListener("abort", relay, { once: true });

  const workers = configuration.workers || cpus().length;
  const { tasks, seed, maxCost, timeLimit, license, noValues, approve, prices } = configuration;
  const spent = readSpent(run.folder);
  const budget = new Budget({ maxCost, timeLimit, prices, ...(spent === undefined ? {} : { spent }) });
  budget.signal.addEventListener("abort", () => stop.abort(budget.signal.reason), { once: true });
  // What was spent outlives a kill: it is written whenever it can have grown.
  events.listen((event) => {
    if (event.event === "model_call" || event.event === "stage_finished")
      writeWhole(join(run.folder, "budget.json"), budget.totals());
  });
  const store = await openStore(join(run.folder, "store"));
  const sandbox = await openEngine(configuration, { slots: workers, store });
  writeWhole(runningFile(run.folder), await ownProcessName());
  const checkpoints = SqliteSaver.fromConnString(join(run.folder, "checkpoints.sqlite"));
  let resumable = true;
  try {
    events.emit({
      event: earlier.length > 0 ? "run_resumed" : "run_started",
      run: id,
      datasets,
      model: configuration.model,
    });
    const programs = createProgramRunner(sandbox, store);
    const services: Services = {
      configuration,
      store,
      programs,
      ...createPlayers({
        configuration,
        budget,
        store,
        run: id,
        emit: events.emit,
        environment: process.env,
      }),
      emit: events.emit,
      signal: stop.signal,
      out: run.out,
      locate: async (path) => ({ path, exact: false }),
      cost: () => budget.totals().cost,
    };
    const graph = createSmithGraph((_run, work) => work(services)).compile({ checkpointer: checkpoints });
    const outcomes: DatasetOutcome[] = [];
    const results: TaskResult[] = [];
    const time = new WorkingTime(budget);
    const lane = async (path: string, index: number) => {
      const thread = {
        configurable: { thread_id: `${id}/${index}` },
        durability: "sync" as const,
        recursionLimit,
        // No maxConcurrency: LangGraph 1.4 ends a run early, without the rest, when it has more branches than that. The sandbox's slots bound the work.
        signal: stop.signal,
      };
      let outcome: DatasetOutcome;
      try {
        const kept = await graph.getState(thread);
        const begun = kept.createdAt !== undefined;
        const reached: Ended =
          begun && kept.next.length === 0
            ? (kept.values as SmithValues)
            : await inSpan("dataset", { facts: { "smith.dataset": basename(path) } }, () =>
                graph.invoke(
                  begun
                    ? null
                    : {
                        dataset: path,
                        author: configuration.model,
                        tasks,
                        seed,
                        maxCost,
                        timeLimit,
                        license,
                        noValues,
                        approveCandidates: approve.candidates,
                        approveTasks: approve.tasks,
                      },
                  thread,
                ),
              );
        const values = await answerAll(
          reached,
          (resume): Promise<Ended> =>
            inSpan("dataset", { facts: { "smith.dataset": basename(path) } }, () =>
              graph.invoke(new Command({ resume }), thread),
            ),
          { person, dataset: path, signal: stop.signal, time, emit: events.emit },
        );
        results.push(...values.results);
        outcome = outcomeOf(path, values);
      } catch (error) {
        const kept = await graph.getState(thread).catch(() => undefined);
        const partial = (kept?.values as Partial<SmithValues> | undefined)?.results ?? [];
        results.push(...partial);
        outcome = { ...tasksOf(path, partial), ...failureOf(error, stop.signal) };
        if (error instanceof BudgetError) stop.abort(error);
      }
      outcomes[index] = outcome;
      events.emit({
        event: "dataset_finished",
        dataset: path,
        status: outcome.status,
        ...(outcome.reason ? { reason: outcome.reason } : {}),
        tasks: outcome.tasks.length,
      });
    };
    await inParallel(datasets, workers, (path, index) => time.working(() => lane(path, index)));
    await stages.ended();
    resumable = outcomes.some(({ status }) => status === "stopped" || status === "failed");
    const all = readEvents(eventsPath);
    for (const outcome of outcomes) addSpending(outcome, results, all);
    const summary = summarise(id, outcomes, results, all, budget.totals().seconds);
    writeWhole(join(run.folder, "summary.json"), summary);
    await writeReport(run, summary);
    events.emit({
      event: "run_finished",
      run: id,
      accepted: summary.funnel.accepted,
      seconds: summary.seconds,
      cost: summary.cost,
    });
    return summary;
  } finally {
    budget.close();
    options.signal.removeEventListener("abort", relay);
    await sandbox.close();
    checkpoints.db.close();
    events.close();
    // What a run needs to be resumed is kept only while there is something to resume.
    if (!resumable) await removeStore(store.folder);
    rmSync(runningFile(run.folder), { force: true });
  }
}

/** Stands in where no person is there: a run that wants one says so instead of waiting for ever. */
const nobody: Person = {
  answer: () =>
    Promise.reject(
      new BadInputError("the run asks a person, and nobody is there to answer", {
        hint: "go on with --resume and --interactive in a terminal, or with --no-interactive",
      }),
    ),
};
