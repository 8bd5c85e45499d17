import type { MetricName } from "../metrics/catalogue.ts";

/** What a user says of a task that others made, where it cannot be told from its files. */
export interface ImportOptions {
  /** Folder of the prepared data, where it is not below the folder of the competition. */
  data?: string;
  metric?: MetricName;
  direction?: "maximize" | "minimize";
  /** Paths below the public folder. */
  train?: string;
  test?: string;
  sample?: string;
  /** Path below the private folder, or below a bare folder. */
  answers?: string;
  id?: string;
  targets?: string[];
  /** Columns of the answers that are graded with (event, query, scale). */
  auxiliary?: string[];
  /** Columns whose values the split keeps apart. */
  groups?: string[];
  /** Column by which the split goes. */
  time?: string;
}

/** Where the parts of a task lie that others made: what each format has to say, and nothing of what stands in the tables. */
export interface ForeignTask {
  format: "mle-dojo" | "mle-bench" | "folder";
  name: string;
  /** Folder whose files solvers see, and of these the ones that are left out. */
  publicFolder: string;
  leaveOut: ReadonlySet<string>;
  /** Sample submission and answers, by absolute path; null where the task has none. */
  sample: string | null;
  answers: string | null;
  /** Texts; null where the task has none. */
  description: string | null;
  prepare: string | null;
  /** Text of a `metric.py` in MLE-Dojo's form; null where the metric is named by the user. */
  metric: string | null;
  /** What the format calls its metric. */
  metricTitle: string | null;
  direction: "maximize" | "minimize" | null;
  /** Checks that do not apply to the format, and why. */
  waived: Record<string, string>;
}
