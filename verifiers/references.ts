/** Where the field met a problem that checks look for. Shown by `docs/checks.md`. */
export interface Reference {
  title: string;
  url: string;
  /** What happened there, in one sentence. */
  met: string;
  /** Ids of the checks that look for it. */
  checks: readonly string[];
}

const issue = (repository: string, number: number): string =>
  `https://github.com/${repository}/issues/${number}`;
const MLE_BENCH = "openai/mle-bench";
const MLE_DOJO = "MLE-Dojo/MLE-Dojo";

export const REFERENCES: readonly Reference[] = [
  {
    title: "mle-bench issue 77",
    url: issue(MLE_BENCH, 77),
    met: "test files of multi-modal-gesture-recognition carry the labels inside; an agent found them and scored perfectly without a model",
    checks: ["target-visible-in-test", "label-inside-test-file", "label-in-media"],
  },
  {
    title: "mle-bench pull request 98",
    url: "https://github.com/openai/mle-bench/pull/98",
    met: "prepare.py of hubmap-kidney-segmentation copies side files into the public test set that hold the labels",
    checks: ["answers-in-public", "label-inside-test-file"],
  },
  {
    title: "mle-bench issue 93",
    url: issue(MLE_BENCH, 93),
    met: "listed among its known issues: log files in the public test of smartphone-decimeter-2022 make a perfect score trivial",
    checks: ["answers-in-public"],
  },
  {
    title: "mle-bench issue 108",
    url: issue(MLE_BENCH, 108),
    met: "listed among its known issues: a field of random-acts-of-pizza that is filled in once the outcome is known gives the outcome away",
    checks: ["level-reveals-target", "target-encoded-in-feature", "feature-nearly-determines-target"],
  },
  {
    title: "mle-bench issue 63",
    url: issue(MLE_BENCH, 63),
    met: "the test of tensorflow-speech-recognition-challenge has many labels where the description asks for twelve",
    checks: ["answers-invalid", "class-unsupported"],
  },
  {
    title: "mle-bench, known issues",
    url: "https://github.com/openai/mle-bench#known-issues",
    met: "the speakers of the same competition are not disjoint between train and test",
    checks: ["group-on-both-sides", "undeclared-group-on-both-sides"],
  },
  {
    title: "mle-bench, known issues",
    url: "https://github.com/openai/mle-bench#known-issues",
    met: "crowded leaderboards: next to no difference between the best score and the median",
    checks: ["ladder-saturated", "ladder-levels-merge"],
  },
  {
    title: "mle-bench issue 30",
    url: issue(MLE_BENCH, 30),
    met: "the prepared sample submission of ranzcr-clip-catheter-line-classification lacks two columns of the original",
    checks: ["sample-submission-invalid", "metric-refuses-sample", "description-example-invalid"],
  },
  {
    title: "mle-bench pull request 70",
    url: "https://github.com/openai/mle-bench/pull/70",
    met: "listed among its known issues: molecules of the test of champs-scalar-coupling are missing in a file that describes them",
    checks: ["media-files-inconsistent", "ids-inconsistent"],
  },
  {
    title: "mle-bench issue 134",
    url: issue(MLE_BENCH, 134),
    met: "the validator read the answers in another way than the grader, and failed",
    checks: ["metric-unusable"],
  },
  {
    title: "MLE-Dojo issue 4",
    url: issue(MLE_DOJO, 4),
    met: "prepare.py of several competitions is empty (75 of 202 at commit 667a8fd define no prepare)",
    checks: ["prepare-signature-wrong", "prepared-data-differ"],
  },
  {
    title: "MLE-Dojo issue 6",
    url: issue(MLE_DOJO, 6),
    met: "the answers are missing after the preparation, so nothing can be scored",
    checks: ["answers-invalid", "package-file-missing"],
  },
  {
    title: "MLE-Dojo, mledojo/gym/interface.py",
    url: "https://github.com/MLE-Dojo/MLE-Dojo/blob/667a8fd0e959eb47f140ce7e621f831fdb55e5dd/mledojo/gym/interface.py",
    met: "what validate_submission returns is not looked at, though its base class declares a pair with a boolean, and any score, NaN too, is a success",
    checks: [
      "metric-accepts-bad-submission",
      "metric-unstable",
      "metric-refusal-unexplained",
      "metric-class-wrong",
    ],
  },
  {
    title: "MLE-Dojo, competitions/*/utils/metric.py",
    url: "https://github.com/MLE-Dojo/MLE-Dojo/tree/667a8fd0e959eb47f140ce7e621f831fdb55e5dd/mledojo/competitions",
    met: "18 of 202 metrics look for missing values in what they score",
    checks: ["metric-accepts-bad-submission"],
  },
  {
    title: "MLE-Dojo, competitions/*/utils/prepare.py",
    url: "https://github.com/MLE-Dojo/MLE-Dojo/tree/667a8fd0e959eb47f140ce7e621f831fdb55e5dd/mledojo/competitions",
    met: "149 lines delete files, many of them of the raw data, so that a second preparation fails",
    checks: ["source-deletes-files"],
  },
  {
    title:
      "Kapoor and Narayanan 2023, Leakage and the reproducibility crisis in machine-learning-based science",
    url: "https://doi.org/10.1016/j.patter.2023.100804",
    met: "leakage in 17 fields, 294 papers; a taxonomy of eight kinds, from no clean separation of the test to illegitimate features, time and dependent samples",
    checks: [
      "target-copied-in-feature",
      "target-computed-from-features",
      "future-in-features",
      "time-order-broken",
      "group-on-both-sides",
      "duplicates-across-sides",
      "next-row-reveals-target",
    ],
  },
  {
    title: "Kaufman, Rosset, Perlich and Stitelman 2012, Leakage in data mining",
    url: "https://doi.org/10.1145/2382577.2382579",
    met: "public competitions decided by leaks, and what is legitimate to know at the time of prediction",
    checks: [
      "target-copied-in-feature",
      "level-reveals-target",
      "feature-nearly-determines-target",
      "future-in-features",
      "order-predicts-target",
    ],
  },
  {
    title: "Zindi, a discussion of the GeoAI aquaculture pond challenge",
    url: "https://zindi.africa/competitions/geoai-aquaculture-pond-identification-challenge/discussions/33378",
    met: "rows sorted by label and split in that order: the row number alone scored 1.0",
    checks: ["order-predicts-target"],
  },
  {
    title:
      "Saeb, Lonini, Jayaraman, Mohr and Kording 2017, The need to approximate the use-case in clinical machine learning",
    url: "https://doi.org/10.1093/gigascience/gix019",
    met: "almost half of the studies reviewed split records instead of persons and overestimate what they predict",
    checks: ["group-on-both-sides", "undeclared-group-on-both-sides"],
  },
  {
    title: "Barz and Denzler 2020, Do we train on test data? Purging CIFAR of near-duplicates",
    url: "https://doi.org/10.3390/jimaging6060041",
    met: "3.3 and 10 percent of the test images of CIFAR-10 and CIFAR-100 have a duplicate in train",
    checks: ["duplicates-across-sides"],
  },
];

/** References of one check. */
export function referencesOf(check: string): Reference[] {
  return REFERENCES.filter((reference) => reference.checks.includes(check));
}
