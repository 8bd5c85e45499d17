import type { z } from "zod";
import type { MetricName } from "../../../task/metrics/catalogue.ts";
import type { Objective, Target } from "../../../task/specification.ts";
import type { Withheld } from "./relatives.ts";
import type { SplitPlan } from "./split.ts";

/** A question made by layout or roles, complete enough to be designed: both players' halves come from it. */
export interface Plan {
  id: string;
  title: string;
  question: string;
  /** To rank it among the dataset's other questions. */
  score: number;
  objective: Objective;
  columns: string[];
  target: z.infer<typeof Target>;
  metric: { name: z.infer<typeof MetricName>; parameters: Record<string, number | string> };
  split: SplitPlan;
  dropped: Withheld[];
  knownInAdvance: string[] | null;
  /** The rows that the question is about: classes with enough rows, one kind of event; null for all. */
  only: { column: string; in: string[] } | null;
  why: string;
}
