import type { MetricName } from "./catalogue.ts";

/** What a metric means where its formula leaves a choice. Sentences for `docs/metrics.md` and descriptions. */
export interface MetricDefinition {
  /** What is computed, in words. */
  meaning: string;
  /** Averaging, positive class, absent classes, zero denominators, clipping, ties, masking: one sentence each. */
  choices: string[];
  /** What a submission must hold to score the best value. */
  perfect: string;
  /** What a submission without skill scores. */
  trivial: string;
}

const RIGHT_LABELS = "The true label in every row.";
const TRUE_VALUES = "The true value in every row.";
const MASKED = "A label value that is missing in the answers is left out, whatever was predicted there.";
const POSITIVE = "Positive is the last of the two declared labels.";
const MEAN_OR_MEDIAN = (what: string): string =>
  `No fixed value: that of the best constant, the ${what} of the answers.`;

export const DEFINITIONS: Record<MetricName, MetricDefinition> = {
  accuracy: {
    meaning: "Share of rows whose predicted label is the true one.",
    choices: [],
    perfect: RIGHT_LABELS,
    trivial: "The share of the most frequent label.",
  },
  balanced_accuracy: {
    meaning: "Recall of each label (share of its rows that are found), averaged with equal weight.",
    choices: [
      "Averaged over the labels that occur in the answers; predicting a label that does not occur there counts as a miss of the true one.",
    ],
    perfect: RIGHT_LABELS,
    trivial: "A constant scores 1 / number of labels that occur.",
  },
  macro_f1: {
    meaning: "F1 of each label, averaged with equal weight.",
    choices: [
      "Averaged over the labels that occur in the answers or in the submission; one that occurs in only one of them has F1 0.",
    ],
    perfect: RIGHT_LABELS,
    trivial: "A constant scores its label's F1 divided by the number of labels that occur.",
  },
  f1: {
    meaning: "Harmonic mean of precision and recall of the positive label.",
    choices: [POSITIVE, "0 when the positive label occurs neither in the answers nor in the submission."],
    perfect: "The true label in every row (the answers must hold a positive row).",
    trivial: "With a share p of positive rows, predicting all positive scores 2p / (1 + p).",
  },
  roc_auc: {
    meaning: "Probability that a random positive row has a higher score than a random negative one.",
    choices: [
      POSITIVE,
      "Equal scores count one half.",
      "Only the order of the scores matters; any finite number is allowed.",
      "0.5 when the answers hold one class only.",
    ],
    perfect: "Any scores that put every positive row above every negative one, such as 1 and 0.",
    trivial: "0.5, constant or random.",
  },
  roc_auc_macro: {
    meaning: "ROC AUC of each label against the rest, averaged with equal weight.",
    choices: [
      "Multi-label targets: one score for each label, any finite number. Several classes: one probability for each label, rows divided by their sum, each label against all others.",
      MASKED,
      "Labels that have only one class among their known answers are left out of the mean; 0.5 when that leaves none.",
      "Equal scores count one half.",
    ],
    perfect: "For each label, scores that put its rows above all others, such as 1 and 0.",
    trivial: "0.5, constant or random.",
  },
  average_precision: {
    meaning: "Precision at each distinct score, weighted by the recall gained there (no interpolation).",
    choices: [
      "Two classes: positive is the last label. Multi-label: averaged over labels with equal weight.",
      "Rows with equal scores enter together.",
      MASKED,
      "Labels without a positive row among the known answers are left out; 0 when none is left.",
    ],
    perfect: "Scores that put every positive row above every negative one.",
    trivial: "A constant scores the share of positive rows (mean of the shares for several labels).",
  },
  log_loss: {
    meaning: "Mean negative natural logarithm of the probability given to the true label.",
    choices: [
      "One probability for each label, also for two labels.",
      "Each must lie in [0, 1] and each row must sum to 1 within 0.01; the row is then divided by its sum.",
      "After that, a probability below 1e-15 counts as 1e-15: the worst row costs 34.5.",
    ],
    perfect: "Probability 1 for the true label.",
    trivial: "The entropy of the label shares, by giving those shares in every row.",
  },
  quadratic_weighted_kappa: {
    meaning: "Agreement beyond chance, where a disagreement costs the square of its distance in levels.",
    choices: [
      "Levels are the declared ones in their declared order, one apart, occurring or not.",
      "1 when answers and submission are all one and the same level (no chance disagreement to compare with).",
    ],
    perfect: RIGHT_LABELS,
    trivial: "0: a constant, or random levels on average.",
  },
  matthews_correlation: {
    meaning: "Correlation between true and predicted labels; for several labels Gorodkin's R_K.",
    choices: [
      "Does not depend on which label is positive.",
      "0 when the answers or the submission hold a single label.",
    ],
    perfect: RIGHT_LABELS,
    trivial: "0.",
  },
  rmse: {
    meaning: "Square root of the mean squared error, in the target's unit.",
    choices: [],
    perfect: TRUE_VALUES,
    trivial: MEAN_OR_MEDIAN("mean"),
  },
  mae: {
    meaning: "Mean absolute error, in the target's unit.",
    choices: [],
    perfect: TRUE_VALUES,
    trivial: MEAN_OR_MEDIAN("median"),
  },
  rmsle: {
    meaning: "Root mean squared difference of ln(1 + value).",
    choices: ["For targets that are never negative.", "A negative prediction counts as 0."],
    perfect: TRUE_VALUES,
    trivial: MEAN_OR_MEDIAN("mean of ln(1 + value)"),
  },
  mape: {
    meaning: "Mean of the absolute error divided by the absolute true value, as a fraction (0.1 is 10 %).",
    choices: [
      "Rows whose true value is 0 are left out; if that leaves none, the mean absolute error is taken.",
    ],
    perfect: TRUE_VALUES,
    trivial: "No fixed value; 1 for a constant 0, and small constants do well: unsuited to targets near 0.",
  },
  smape: {
    meaning: "Mean of twice the absolute error divided by |truth| + |prediction|, from 0 to 2.",
    choices: ["A row where both are 0 counts 0."],
    perfect: TRUE_VALUES,
    trivial: "No fixed value; 2 for a constant 0 where no true value is 0.",
  },
  mase: {
    meaning: "Mean of the absolute error divided by the scale of the row's series.",
    choices: [
      "The scale is the mean absolute error of the (seasonal) naive forecast inside the training part of that series; it stands in an auxiliary column of the answers.",
      "Averaged over rows, so a long series weighs more than a short one.",
      "A scale of 0 (a series that never changed in training) counts as 1.",
    ],
    perfect: TRUE_VALUES,
    trivial: "About 1 for one step ahead by the naive forecast.",
  },
  r2: {
    meaning: "1 minus the squared error divided by that of the mean of the answers. Unbounded below.",
    choices: ["When all answers are equal: 1 if every prediction is right, else 0."],
    perfect: TRUE_VALUES,
    trivial: "0, by the mean of the answers; slightly below by the mean of train.",
  },
  spearman: {
    meaning: "Pearson correlation of the ranks of answers and predictions.",
    choices: ["Equal values share the mean of their ranks.", "0 when answers or predictions are all equal."],
    perfect: "Any values in the order of the true ones, ties included.",
    trivial: "0.",
  },
  pinball: {
    meaning: "Quantile loss: each unit predicted too low costs q, each unit too high 1 − q.",
    choices: ["q is the parameter `quantile`, strictly between 0 and 1 (0.9 unless stated)."],
    perfect: TRUE_VALUES,
    trivial: "No fixed value: that of the best constant, the q-quantile of the answers.",
  },
  concordance_index: {
    meaning:
      "Harrell's C: among comparable pairs, the share in which the row whose event came first has the higher risk.",
    choices: [
      "The submission is a risk: higher means that the event comes sooner. Any finite number is allowed.",
      "A pair is comparable when the shorter time ended in an event; at equal times, when one ended in an event and the other was censored (which counts as the longer).",
      "Pairs of two censored rows, and of two events at the same time, do not count.",
      "Equal risks count one half; 0.5 when no pair is comparable.",
      "The event indicator (1 event, 0 censored) is an auxiliary column of the answers.",
    ],
    perfect: "A risk that falls as the true time grows, censored rows below events of the same time.",
    trivial: "0.5, constant or random.",
  },
  ndcg: {
    meaning:
      "Discounted gain of the first k rows of each query by score, divided by the best possible, averaged over queries.",
    choices: [
      "Gain is 2^relevance − 1, the discount log2(place + 1), k a parameter (10 unless stated).",
      "Rows with equal scores share the mean of their gains, as if ordered at random.",
      "Queries without a relevant row are left out; 0 when none is left.",
      "The query is an auxiliary column of the answers.",
    ],
    perfect: "Scores in the order of the relevance within each query.",
    trivial: "No fixed value: that of a random order.",
  },
  map: {
    meaning: "Average precision of the first k rows of each query by score, averaged over queries.",
    choices: [
      "Relevant is what has a relevance above 0; k is a parameter (10 unless stated).",
      "The sum of precisions at the relevant places is divided by min(k, relevant rows of the query).",
      "Rows with equal scores are ranked the least relevant first: ties never gain.",
      "Queries without a relevant row are left out; 0 when none is left.",
      "The query is an auxiliary column of the answers.",
    ],
    perfect: "Scores that put the relevant rows of each query above its others.",
    trivial: "No fixed value: that of a random order.",
  },
  hamming: {
    meaning: "Share of label values (rows × labels) that are wrong: a loss.",
    choices: ["The submission holds 0 or 1 for each label.", MASKED],
    perfect: "The true 0 or 1 for every label.",
    trivial: "The mean over labels of the share of the rarer value.",
  },
  micro_f1: {
    meaning: "F1 of the positive label values of all rows and labels counted together.",
    choices: [
      "The submission holds 0 or 1 for each label.",
      MASKED,
      "0 when nothing is positive in answers or submission.",
    ],
    perfect: "The true 0 or 1 for every label (the answers must hold a 1).",
    trivial: "With a share p of ones, predicting all 1 scores 2p / (1 + p).",
  },
};
