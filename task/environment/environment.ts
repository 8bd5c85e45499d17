import type { TreeReference } from "../../sandbox/job.ts";
import { type GradeServices, gradeSubmissions, queryColumn } from "../grade.ts";
import type { Manifest } from "../manifest.ts";
import type { Action, Observation, Step } from "./actions.ts";
import { describeRun, oneLine, scoreText } from "./feedback.ts";
import { ALL_PARTS, type InfoPart, information } from "./information.ts";
import { hasSubmission, type Ran, runCode, SUBMISSION } from "./run-code.ts";

/** The parts of a task that the environment works with. The private ones go to grading jobs alone. */
export interface EnvironmentTask {
  manifest: Manifest;
  publicTree: TreeReference;
  privateTree: TreeReference;
  /** Text of `metric.py`. */
  metricCode: string;
}

export interface EnvironmentOptions {
  /** Actions that may be taken in all. */
  actions: number;
  signal?: AbortSignal;
  onStep?: (step: Step) => void;
}

/** A submission that was scored. */
export interface Scored {
  score: number;
  work: TreeReference;
}

/**
 * A task as a place to act in, with the five actions of MLE-Dojo. It knows nothing of who acts. Code runs in a job that
 * sees `public/` and the work folder; what it submits is graded in another job, by the task's metric. The seconds that
 * the manifest declares bound all runs together. Actions are taken one at a time.
 */
export class TaskEnvironment {
  readonly task: EnvironmentTask;
  readonly actions: number;
  readonly #services: GradeServices;
  readonly #options: EnvironmentOptions;
  /** Every action there was, whatever was reset. */
  readonly steps: Step[] = [];
  #best: Scored | null = null;
  /** Where the visible history starts, its best score, and the work folder. */
  #since = 0;
  #shownBest: number | null = null;
  #work: TreeReference | null = null;
  #usedMs = 0;

  constructor(task: EnvironmentTask, services: GradeServices, options: EnvironmentOptions) {
    this.task = task;
    this.actions = options.actions;
    this.#services = services;
    this.#options = options;
  }

  get actionsLeft(): number {
    return this.actions - this.steps.length;
  }

  /** The best submission of all, those before a reset included. */
  get best(): Scored | null {
    return this.#best;
  }

  /** What `request_info` tells of these parts, without taking an action: for an opening message. */
  async tell(parts: readonly InfoPart[]): Promise<string> {
    const folder = this.#services.store.treePath(this.task.publicTree);
    return await information(parts, { manifest: this.task.manifest, folder });
  }

  /**
   * Takes one action. Bad code, bad submissions and used-up budgets are told in the observation; throws
   * InfrastructureError when the sandbox failed and InterruptedError when cancelled: then nothing was learnt of the task.
   */
  async act(action: Action): Promise<Observation> {
    if (this.actionsLeft <= 0) return this.#observe({ status: "FAILED", feedback: "No actions are left." });
    const { note, ...taken } = await this.#take(action);
    const step = { action: action.action, status: taken.status, score: taken.score ?? null, note };
    this.steps.push(step);
    this.#options.onStep?.(step);
    return this.#observe(taken);
  }

  async #take(action: Action): Promise<Taken> {
    switch (action.action) {
      case "request_info":
        return {
          status: "SUCCESS",
          feedback: await this.tell(action.info_type === "all" ? ALL_PARTS : [action.info_type]),
          note: action.info_type,
        };
      case "validate_code":
        return await this.#validate(action.code);
      case "execute_code":
        return await this.#execute(action.code);
      case "get_history":
        return { status: "SUCCESS", feedback: this.#history(), note: "" };
      case "reset":
        this.#since = this.steps.length + 1;
        this.#shownBest = null;
        this.#work = null;
        return { status: "SUCCESS", feedback: "The working directory and the history are empty.", note: "" };
    }
  }

  async #validate(code: string): Promise<Taken> {
    const ran = await this.#run(code);
    if (typeof ran === "string") return { status: "FAILED", feedback: ran, note: ran };
    const { text, note } = describeRun(ran);
    if (ran.status !== "ended") return { status: "FAILED", feedback: text, note };
    const wrote = ran.work !== null && (await hasSubmission(this.#services.store, ran.work));
    return {
      status: "SUCCESS",
      feedback: `${text}\n${wrote ? `${SUBMISSION} was written; a dry run does not score it.` : `No ${SUBMISSION} was written.`}`,
      note,
    };
  }

  async #execute(code: string): Promise<Taken> {
    const ran = await this.#run(code);
    if (typeof ran === "string") return { status: "FAILED", feedback: ran, note: ran };
    const { text, note } = describeRun(ran);
    if (ran.work !== null) this.#work = ran.work;
    if (ran.status !== "ended" || ran.work === null) return { status: "FAILED", feedback: text, note };
    if (!(await hasSubmission(this.#services.store, ran.work))) {
      const missing = `The code wrote no ${SUBMISSION} into its working directory.`;
      return { status: "FAILED", feedback: `${text}\n${missing}`, note: missing };
    }
    const graded = await this.#grade(ran.work);
    if (typeof graded === "string")
      return { status: "FAILED", feedback: `${text}\n${graded}`, note: oneLine(graded) };
    const { manifest } = this.task;
    if (isBetter(manifest, graded, this.#best?.score ?? null)) this.#best = { score: graded, work: ran.work };
    if (isBetter(manifest, graded, this.#shownBest)) this.#shownBest = graded;
    return {
      status: "SUCCESS",
      score: graded,
      feedback: `${text}\n${scoreText(manifest, graded, this.#shownBest)}`,
      note: "scored",
    };
  }

  /** Runs code within what is left of the task's seconds, or says that nothing is left. */
  async #run(code: string): Promise<Ran | string> {
    const { manifest, publicTree } = this.task;
    const leftMs = manifest.budget.seconds * 1000 - this.#usedMs;
    if (leftMs < 1000) return `All ${manifest.budget.seconds} seconds of the task's budget are used.`;
    const ran = await runCode(
      code,
      {
        publicTree,
        work: this.#work,
        budget: manifest.budget,
        wallMs: Math.ceil(leftMs / 1000) * 1000,
      },
      this.#services,
      this.#signal(),
    );
    this.#usedMs += ran.milliseconds;
    return ran;
  }

  /** The score of the work folder's submission, or why there is none. */
  async #grade(work: TreeReference): Promise<number | string> {
    const { manifest, privateTree, metricCode } = this.task;
    const outcome = await gradeSubmissions(
      {
        privateTree,
        metricCode,
        submissions: [{ name: "submission", tree: work, path: SUBMISSION }],
        bootstrap: null,
        query: queryColumn(manifest),
      },
      this.#services,
      this.#signal(),
    );
    if (!outcome.ok) return `The submission could not be graded: ${outcome.reason}`;
    const [result] = outcome.report.results;
    if (result?.status === "scored" && result.score !== null) return result.score;
    return result?.status === "refused"
      ? `The submission is refused: ${result.message}`
      : `The submission could not be graded: ${result?.message ?? "no result"}`;
  }

  #history(): string {
    const shown = this.steps.slice(this.#since);
    if (shown.length === 0) return "No action was taken yet.";
    return shown
      .map(
        ({ action, status, score, note }, place) =>
          `${place + 1}. ${action}: ${status}${score === null ? (note === "" ? "" : ` (${note})`) : `, score ${score}`}`,
      )
      .join("\n");
  }

  #observe({ status, feedback, score }: Omit<Taken, "note">): Observation {
    const leftMs = this.task.manifest.budget.seconds * 1000 - this.#usedMs;
    // Seconds vary from run to run: they are told once they begin to matter.
    const time =
      this.#usedMs > leftMs ? `\n${Math.max(0, Math.floor(leftMs / 1000))} s of the budget are left.` : "";
    return {
      status,
      feedback: `${feedback}${time}`,
      score: score ?? null,
      best: this.#shownBest,
      actionsLeft: Math.max(0, this.actionsLeft),
    };
  }

  #signal(): { signal?: AbortSignal } {
    return this.#options.signal === undefined ? {} : { signal: this.#options.signal };
  }
}

interface Taken {
  status: Step["status"];
  feedback: string;
  score?: number;
  note: string;
}

function isBetter({ metric }: Manifest, score: number, than: number | null): boolean {
  if (than === null) return true;
  return metric.direction === "maximize" ? score > than : score < than;
}
