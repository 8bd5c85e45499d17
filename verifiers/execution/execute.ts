import { type CheckFacts, isAccepted, recordOf } from "../check.ts";
import type { CheckRecord } from "../defect.ts";
import type { MountedPackage } from "../package.ts";
import { loadChecks } from "../registry.ts";
import { announce, isChosen, runAll } from "../run-checks.ts";
import type { VerificationOptions, VerificationServices } from "../services.ts";
import { type AgentContext, type AgentPlay, agentStep, letAgentSolve } from "./agent/play.ts";
import { climbLadder, type LadderContext, type LadderStep } from "./ladder.ts";

/** What the third layer found. */
export interface Executed {
  records: CheckRecord[];
  ladder: LadderStep[];
  /** How a coding agent played; null where none did. */
  agent: AgentPlay | null;
}

const LADDER_CHECKS = new URL("./checks/", import.meta.url);
const AGENT_CHECKS = new URL("./agent/checks/", import.meta.url);

/** The checks of this layer. */
export async function executionChecks(): Promise<CheckFacts[]> {
  return [
    ...(await loadChecks<LadderContext>(LADDER_CHECKS)),
    ...(await loadChecks<AgentContext>(AGENT_CHECKS)),
  ];
}

/**
 * The reference solvers, then a coding agent where there is one and they found nothing that sends the task back. What
 * the agent throws is thrown: that it could not play is no verdict on the task.
 */
export async function executeTask(
  task: MountedPackage,
  services: VerificationServices,
  options: VerificationOptions,
): Promise<Executed> {
  options.onEvent?.({ kind: "stage_started", stage: "solve" });
  const climbed = await climbLadder(task, services, options);
  options.onEvent?.({ kind: "stage_started", stage: "ladder" });
  const records = await runAll(LADDER_CHECKS, climbed, options);
  const checks = (await loadChecks<AgentContext>(AGENT_CHECKS)).filter((check) => isChosen(check, options));
  const agent = options.agent ?? { absent: "no model" };
  if (checks.length === 0 || "absent" in agent || !isAccepted(records)) {
    const why =
      "absent" in agent ? agent.absent : "the reference solvers found what sends the task back already";
    const skipped = checks.map((check) => recordOf(check, { skipped: `not run: ${why}` }));
    for (const record of skipped) announce(record, options);
    return { records: [...records, ...skipped], ladder: climbed.ladder, agent: null };
  }
  options.onEvent?.({ kind: "stage_started", stage: "agent" });
  const played = await letAgentSolve(task, climbed, agent, services, options);
  return {
    records: [...records, ...(await runAll(AGENT_CHECKS, played, options))],
    ladder: [...climbed.ladder, agentStep(played)],
    agent: played.play,
  };
}
