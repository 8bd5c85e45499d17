import { InfrastructureError } from "../../../core/errors.ts";
import type { Certificate } from "../../../task/certificate.ts";
import { TaskEnvironment } from "../../../task/environment/environment.ts";
import { SUBMISSION } from "../../../task/environment/run-code.ts";
import { gradeSubmissions, queryColumn } from "../../../task/grade.ts";
import type { Manifest } from "../../../task/manifest.ts";
import type { MountedPackage } from "../../package.ts";
import type { VerificationOptions, VerificationServices } from "../../services.ts";
import {
  gainsOver,
  interval,
  type LadderContext,
  type LadderStep,
  type Level,
  RESAMPLES,
} from "../ladder.ts";

/** Whoever solves tasks in the interactive environment. Verification knows no more of it. */
export interface CodingAgent {
  /** For records, e.g. the name of a model. */
  name: string;
  /** SHA-256 of what it was told beside the task. */
  prompt: string;
  /** Actions that it may take. */
  actions: number;
  /**
   * Acts until it is done or has no actions left, and says in a sentence how it solved the task. Throws when it could
   * not play (endpoint, budget, interrupt): then nothing was learnt of the task.
   */
  solve(environment: TaskEnvironment): Promise<string>;
}

/** Why no agent plays. */
export interface NoAgent {
  absent: string;
}

/** How an agent played. */
export type AgentPlay = NonNullable<Certificate["agent"]>;

/** What the checks of the agent's play judge. */
export interface AgentContext {
  manifest: Manifest;
  play: AgentPlay;
  trivial: Level;
  /** Its best graded submission; null where it had none. */
  best: { score: number; interval: [number, number] | null } | null;
  /** Resampled gains of the best over trivial, higher is better. */
  differences: number[];
  /** Submissions that were graded: the best of many is lucky more often. */
  graded: number;
}

/** Lets an agent solve a task from its public folder, and grades its best submission on the ladder's resamples. */
export async function letAgentSolve(
  task: MountedPackage,
  ladder: LadderContext,
  agent: CodingAgent,
  services: VerificationServices,
  options: VerificationOptions = {},
): Promise<AgentContext> {
  const { manifest, publicTree, privateTree } = task;
  const metricCode = task.texts.metric ?? "";
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const environment = new TaskEnvironment({ manifest, publicTree, privateTree, metricCode }, services, {
    actions: agent.actions,
    ...signal,
    ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
  });
  const approach = await agent.solve(environment);
  const { steps } = environment;
  const play = { agent: agent.name, prompt: agent.prompt, budget: agent.actions, approach, steps };
  const graded = steps.filter(({ score }) => score !== null).length;
  const none = { manifest, play, trivial: ladder.trivial, best: null, differences: [], graded };
  const { best } = environment;
  if (best === null) return none;
  const outcome = await gradeSubmissions(
    {
      privateTree,
      metricCode,
      submissions: [{ name: "agent", tree: best.work, path: SUBMISSION, bootstrap: true }],
      bootstrap: RESAMPLES,
      query: queryColumn(manifest),
      seconds: 60,
    },
    services,
    signal,
  );
  const result = outcome.ok ? outcome.report.results[0] : undefined;
  // The same file had a score before: when it has none now, it is the machinery that failed.
  if (result === undefined || result.score === null)
    throw new InfrastructureError(
      `The agent's best submission could not be graded again: ${outcome.ok ? (result?.message ?? "") : outcome.reason}`,
    );
  const resampled = result.bootstrap ?? [];
  const finite = resampled.filter((score): score is number => score !== null);
  const sign = manifest.metric.direction === "maximize" ? 1 : -1;
  return {
    ...none,
    best: { score: result.score, interval: interval(finite) },
    differences: gainsOver(ladder.trivial, resampled, sign),
  };
}

/** The agent's best as one more step of the ladder. */
export function agentStep({ play, best }: AgentContext): LadderStep {
  return {
    name: "agent",
    model: `${play.agent}${play.approach === "" ? "" : `: ${play.approach}`}`,
    score: best?.score ?? null,
    interval: best?.interval ?? null,
    note: best === null ? "no submission of it was graded" : "",
  };
}
