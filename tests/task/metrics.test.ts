import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadInputError } from "../../core/errors.ts";
import { MetricName, metricParameters, metricsFor } from "../../task/metrics/catalogue.ts";
import { compileMetric, type MetricSource } from "../../task/metrics/compile.ts";
import { metricsDocument } from "../../task/metrics/document.ts";
import { colliding, plainText, safeLabel, safeLabels } from "../../task/metrics/labels.ts";
import { pythonString } from "../../task/metrics/python.ts";
import { submissionColumns, submissionKind } from "../../task/metrics/submission.ts";
import { Objective } from "../../task/specification.ts";
import { metricCases } from "./metric-cases.ts";

const source: MetricSource = {
  title: "Predict the species of an iris",
  id: "id",
  target: {
    name: "species",
    kind: "category",
    labels: ["setosa", "versicolor", "virginica"],
    columns: ["species"],
  },
  auxiliary: [],
  metric: { name: "accuracy", parameters: {} },
};

describe("the catalogue of metrics", () => {
  it("has a metric for every objective", () => {
    for (const objective of Objective.options) expect(metricsFor(objective)).not.toEqual([]);
  });

  it("has every metric in the property cases", () => {
    expect(new Set(metricCases().map((one) => one.metric))).toEqual(new Set(MetricName.options));
  });

  it("fills in parameters and refuses unknown or impossible ones", () => {
    expect(metricParameters("ndcg", {})).toEqual({ k: 10 });
    expect(metricParameters("pinball", { quantile: 0.25 })).toEqual({ quantile: 0.25 });
    expect(() => metricParameters("ndcg", { k: 0 })).toThrow(BadInputError);
    expect(() => metricParameters("pinball", { quantile: 1 })).toThrow(BadInputError);
    expect(() => metricParameters("pinball", { quantile: "0.5); import os" })).toThrow(BadInputError);
    expect(() => metricParameters("rmse", { k: 3 })).toThrow(/no parameter "k"/);
  });

  it("has its document written from what it says", () => {
    expect(readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8")).toBe(metricsDocument());
  });
});

describe("what a submission holds", () => {
  it("follows metric and target", () => {
    const several = { ...source.target, kind: "multilabel" as const, labels: null, columns: ["a", "b"] };
    expect(submissionKind("accuracy", source.target)).toBe("label");
    expect(submissionKind("roc_auc_macro", source.target)).toBe("probabilities");
    expect(submissionColumns("log_loss", source.target)).toEqual(["setosa", "versicolor", "virginica"]);
    expect(submissionKind("roc_auc_macro", several)).toBe("scores");
    expect(submissionKind("average_precision", several)).toBe("scores");
    expect(submissionColumns("micro_f1", several)).toEqual(["a", "b"]);
  });

  it("refuses a metric that cannot grade the target", () => {
    expect(() => submissionKind("rmse", source.target)).toThrow(/cannot grade a target of kind category/);
    expect(() => submissionKind("roc_auc", source.target)).toThrow(/exactly two labels/);
    expect(() => submissionKind("f1", source.target)).toThrow(/exactly two labels/);
    expect(() => submissionKind("accuracy", { kind: "number", labels: null })).toThrow(BadInputError);
    expect(() => submissionKind("roc_auc", { kind: "relevance", labels: null })).toThrow(BadInputError);
    expect(() => submissionKind("ndcg", { kind: "survival", labels: null })).toThrow(BadInputError);
    expect(() => submissionKind("accuracy", { kind: "category", labels: ["one"] })).toThrow(
      /at least two labels/,
    );
  });
});

describe("a compiled metric", () => {
  const code = compileMetric(source);

  it("is one standalone file with one class and only what it needs", () => {
    expect(code.match(/^class .*$/gm)).toEqual(["class SpeciesIrisMetrics(CompetitionMetrics):"]);
    expect(code.match(/^(?:import|from) .*$/gm)).toEqual([
      "import re",
      "from typing import Any",
      "import numpy as np",
      "import pandas as pd",
      "from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError",
    ]);
    expect(code).not.toMatch(/finite_numbers|smith_task/);
    expect(code.match(/^def plain_text\(/gm)).toHaveLength(1);
  });

  it("is the same text each time", () => {
    expect(compileMetric(structuredClone(source))).toBe(code);
  });

  it("holds foreign names as text and nothing else", () => {
    const hostile = 'x"""\nimport os\n\\';
    const text = compileMetric({
      ...source,
      title: `${hostile} of everything`,
      target: { ...source.target, name: hostile, columns: [hostile] },
    });
    expect(text).toContain(`TARGET = ${JSON.stringify(hostile)}`);
    expect(text.match(/^import os/gm)).toBeNull();
    expect(text.split('"""')[1]).not.toContain("\n");
  });

  it("is refused where labels cannot be told apart or do not survive CSV", () => {
    const withLabels = (labels: string[]): MetricSource => ({
      ...source,
      target: { ...source.target, labels },
    });
    expect(() => compileMetric(withLabels(["1", "1.0"]))).toThrow(/cannot be told apart/);
    expect(() => compileMetric(withLabels(["TRUE", "true"]))).toThrow(/cannot be told apart/);
    expect(() => compileMetric(withLabels(["None", "some"]))).toThrow(/do not survive a CSV file: "None"/);
    expect(() =>
      compileMetric({ ...withLabels(["id", "other"]), metric: { name: "log_loss", parameters: {} } }),
    ).toThrow(/two columns named "id"/);
    expect(() => compileMetric({ ...source, auxiliary: ["scale"] })).toThrow(/no auxiliary column/);
  });
});

describe("labels that survive CSV", () => {
  it("renames what a reader would take for nothing, and keeps the rest", () => {
    expect([...safeLabels(["None", "a", "", "nan", "NA", "a b"]).values()]).toEqual([
      "none",
      "a",
      "(empty)",
      "(nan)",
      "na",
      "a b",
    ]);
    expect([...safeLabels(["1", "1.0", "none", "None"]).values()]).toEqual([
      "1",
      "1.0 (2)",
      "none",
      "none (2)",
    ]);
  });

  it("always gives safe labels that differ", () => {
    const awkward = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "NA",
        "na",
        "None",
        "none",
        "inf",
        "1",
        "1.0",
        "01",
        "TRUE",
        "true",
        " a",
        "a",
        "",
        "(empty)",
      ),
    );
    fc.assert(
      fc.property(fc.uniqueArray(awkward, { maxLength: 12 }), (values) => {
        const labels = [...safeLabels(values).values()];
        expect(labels).toHaveLength(values.length);
        expect(labels.every(safeLabel)).toBe(true);
        expect(colliding(labels)).toBeNull();
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("reads numbers and truth values in one form", () => {
    for (const [label, plain] of [
      ["01", "1"],
      ["1.0", "1"],
      ["+2", "2"],
      ["-0", "0"],
      ["1e3", "1000"],
      ["0.50", "0.5"],
      ["TRUE", "true"],
      ["1a", "1a"],
      ["1_000", "1_000"],
    ] as const) {
      expect(plainText(label)).toBe(plain);
    }
  });
});

describe("a Python string", () => {
  it("escapes what could end it or act on a terminal", () => {
    expect(pythonString('a"b\\\n\u202e\u0085')).toBe('"a\\"b\\\\\\n\\u202e\\u0085"');
  });
});
