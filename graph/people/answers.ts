import { z } from "zod";
import { CandidateChanges } from "../../agents/brainstormer/edit-candidate.ts";

/** Characters of a reason or a remark, at most. */
const longestWords = 1000;

const words = (meaning: string) => z.string().trim().min(1).max(longestWords).describe(meaning);

/** Answers to a question about these candidates. Every one of them is named, so that none is kept by oversight. */
export function candidatesAnswer(ids: readonly string[]) {
  const id = z.enum(ids);
  return z.discriminatedUnion("decision", [
    z.strictObject({ decision: z.literal("approve") }).describe("All of them, as they are."),
    z
      .strictObject({
        decision: z.literal("choose"),
        candidates: z
          .array(
            z.discriminatedUnion("decision", [
              z.strictObject({ id, decision: z.literal("keep") }),
              z.strictObject({
                id,
                decision: z.literal("drop"),
                reason: words("Why it is dropped.").optional(),
              }),
              z.strictObject({
                id,
                decision: z.literal("edit"),
                changes: CandidateChanges.describe("Fields that change; the others stay."),
              }),
            ]),
          )
          .refine(
            (chosen) =>
              chosen.length === ids.length && new Set(chosen.map((one) => one.id)).size === ids.length,
            {
              error: `name each candidate once: ${ids.join(", ")}`,
            },
          )
          .describe("Each candidate once."),
      })
      .describe("Candidate by candidate."),
  ]);
}
export type CandidatesAnswer = z.infer<ReturnType<typeof candidatesAnswer>>;

/**
 * Answers to a question about one task. The candidate is named: an answer that reaches several waiting tasks at once
 * is then right for one of them only.
 */
export function taskAnswer(id: string) {
  const candidate = z.literal(id);
  return z.discriminatedUnion("decision", [
    z.strictObject({ decision: z.literal("approve"), candidate }).describe("Publish it."),
    z
      .strictObject({ decision: z.literal("reject"), candidate, reason: words("Kept with the result.") })
      .describe("Never publish it."),
    z
      .strictObject({
        decision: z.literal("send_back"),
        candidate,
        remark: words("What the Designer shall change."),
      })
      .describe("Have it designed anew."),
  ]);
}
export type TaskAnswer = z.infer<ReturnType<typeof taskAnswer>>;
