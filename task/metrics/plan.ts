import type { SubmissionKind } from "./catalogue.ts";
import { metricParameters } from "./catalogue.ts";
import type { MetricSource } from "./compile.ts";
import { pythonString, pythonStrings } from "./python.ts";

/** Which pieces a metric.py is made of, and how its class calls them. */
export interface Plan {
  /** Pieces: the one that reads a submission, the one that scores it. */
  modules: [string, string];
  /** Constants at the head of the file, name → Python expression. */
  constants: Record<string, string>;
  /** Function that reads truth and submission, given also these constants. */
  reader: string;
  readerConstants: string[];
  /** Names of what the reader returns. */
  parts: string[];
  /** Expression of the score over those names. */
  score: string;
}

/** The plan of a metric whose submission is of this kind. */
export function planOf(source: MetricSource, kind: SubmissionKind): Plan {
  const { name } = source.metric;
  const parameters = metricParameters(name, source.metric.parameters);
  const [auxiliary = ""] = source.auxiliary;
  const target = { TARGET: pythonString(source.target.name) };
  const classes = { ...target, LABELS: pythonStrings(source.target.labels ?? []) };
  const several = { TARGETS: pythonStrings(source.target.columns) };
  const own = `smith_task.metrics.${name}`;
  switch (kind) {
    case "label": {
      const positive = name === "f1" ? ", positive=len(LABELS) - 1" : "";
      const parts = ["truth", "predicted"];
      return planWith("labels", own, "read_labels", classes, parts, `${name}(truth, predicted${positive})`);
    }
    case "value": {
      const plan = planWith("values", own, "read_values", target, ["truth", "predicted"], "");
      const extra: Record<string, [Record<string, string>, string]> = {
        mase: [{ SCALE: pythonString(auxiliary) }, ", true_numbers(y_true[SCALE])"],
        pinball: [{ QUANTILE: String(parameters.quantile) }, ", QUANTILE"],
      };
      const [constants, more] = extra[name] ?? [{}, ""];
      return {
        ...plan,
        constants: { ...target, ...constants },
        score: `bounded(${name}(truth, predicted${more}))`,
      };
    }
    case "probabilities": {
      const truth = name === "roc_auc_macro" ? "np.eye(len(LABELS))[truth]" : "truth";
      const parts = ["truth", "probabilities"];
      return planWith(
        "probabilities",
        own,
        "read_probabilities",
        classes,
        parts,
        `${name}(${truth}, probabilities)`,
      );
    }
    case "labels":
      return planWith(
        "label_sets",
        own,
        "read_label_sets",
        several,
        ["known", "predicted"],
        `${name}(known, predicted)`,
      );
    case "scores": {
      const scorer = name === "average_precision" ? "average_precision_macro" : name;
      const module = `smith_task.metrics.${scorer}`;
      return planWith(
        "label_scores",
        module,
        "read_label_scores",
        several,
        ["known", "scores"],
        `${scorer}(known, scores)`,
      );
    }
    case "score":
      break;
  }
  if (source.target.kind === "relevance") {
    const scorer = name === "map" ? "mean_average_precision" : name;
    const constants = { ...target, QUERY: pythonString(auxiliary) };
    const parts = ["relevance", "score", "query"];
    const plan = planWith(
      "ranking",
      own,
      "read_rankings",
      constants,
      parts,
      `${scorer}(relevance, score, query, K)`,
    );
    return { ...plan, constants: { ...constants, K: String(parameters.k) } };
  }
  if (source.target.kind === "survival") {
    const plan = planWith("values", own, "read_values", target, ["duration", "risk"], "");
    const score = `${name}(duration, true_numbers(y_true[EVENT]) == 1, risk)`;
    return { ...plan, constants: { ...target, EVENT: pythonString(auxiliary) }, score };
  }
  return planWith(
    "binary",
    own,
    "read_binary_scores",
    classes,
    ["positive", "score"],
    `${name}(positive, score)`,
  );
}

function planWith(
  shared: string,
  own: string,
  reader: string,
  constants: Record<string, string>,
  parts: string[],
  score: string,
): Plan {
  const modules: Plan["modules"] = [`smith_task.metrics.shared.${shared}`, own];
  return { modules, constants, reader, readerConstants: Object.keys(constants), parts, score };
}
