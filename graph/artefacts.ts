import { z } from "zod";
import { Design, Review } from "../agents/roles.ts";
import { InfrastructureError } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import { Survey } from "../dataset/survey.ts";
import type { TreeReference } from "../sandbox/job.ts";
import { Certificate } from "../task/certificate.ts";
import { CheckRecord } from "../verifiers/defect.ts";
import { LadderStep } from "../verifiers/execution/ladder.ts";
import type { Services } from "./services.ts";
import type { TaskValues } from "./state.ts";

/** Reads what an earlier node kept in the store; a missing or foreign artefact is a fault of ours. */
async function load<Value>(services: Services, key: string | null, schema: z.ZodType<Value>): Promise<Value> {
  const kept = key === null ? undefined : await services.store.getJson(key);
  const parsed = schema.safeParse(kept);
  if (!parsed.success) {
    throw new InfrastructureError(`the artefact ${key ?? "(none)"} is missing or damaged`, {
      hint: "start the run anew without --resume",
    });
  }
  return parsed.data;
}

export const loadSurvey = (services: Services, key: string | null) => load(services, key, Survey);
export const loadDesign = (services: Services, key: string | null) => load(services, key, Design);
export const loadRecords = (services: Services, key: string | null) =>
  load(services, key, z.array(CheckRecord));

/** Keeps a design and returns its key. */
export async function keepDesign(services: Services, design: Design): Promise<string> {
  return keep(services, "design", design);
}

/** Keeps a value by the hash of its content. */
export async function keep(services: Services, kind: string, value: unknown): Promise<string> {
  const key = `${kind}-${hashValue(value)}`;
  await services.store.putJson(key, value);
  return key;
}

/** The package that a node works on. */
export function packageOf(state: Pick<TaskValues, "packageTree">): TreeReference {
  if (state.packageTree === null)
    throw new InfrastructureError("there is no package yet: the graph was entered in the middle");
  return state.packageTree;
}
export const loadLadder = (services: Services, key: string | null) =>
  load(services, key, z.array(LadderStep));
export const loadReview = (services: Services, key: string | null) => load(services, key, Review);
/** How a coding agent played; null where none did. */
export const loadAgent = async (services: Services, key: string | null) =>
  key === null ? null : await load(services, key, Certificate.shape.agent.unwrap());
