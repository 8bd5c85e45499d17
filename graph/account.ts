import { z } from "zod";

/** What is told of candidates in the end, wherever it is told. */

/** Why a candidate was not accepted, as kept in results: the check and what it said. */
export const Reason = z.strictObject({
  check: z.string(),
  attempt: z.int().nonnegative(),
  blame: z.string().describe("Who had to mend it."),
  message: z.string(),
  evidence: z.string(),
});

/** Where candidates were lost. */
export const CandidateFunnel = z.strictObject({
  candidates: z.int(),
  /** Designs in all. */
  attempts: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  rejectionsByCheck: z
    .record(z.string(), z.int())
    .describe("Check → candidates whose last attempt it rejected, most first."),
});
export type CandidateFunnel = z.infer<typeof CandidateFunnel>;
