/**
 * Which checks are the right ones to reject a mutant, by the meaning of the defect. A mutant that other checks alone
 * reject counts as not killed.
 */
const GROUPS: [checks: string, kinds: string][] = [
  // A column that is the target in another dress; where the transform is not one to one, `nearly determines`.
  [
    "target-copied-in-feature",
    "leak-copied leak-negated leak-scaled leak-log leak-reciprocal leak-rank leak-relabelled",
  ],
  [
    "target-copied-in-feature target-encoded-in-feature feature-nearly-determines-target",
    "leak-folded leak-binned leak-binned-unordered leak-many-names leak-copy-of-half leak-base64-token",
  ],
  [
    "feature-nearly-determines-target target-copied-in-feature",
    "leak-noisy-copy leak-copy-with-errors leak-known-after-outcome",
  ],
  [
    "target-visible-in-test answers-in-public train-and-test-differ target-copied-in-feature",
    "leak-in-test-only",
  ],
  [
    "target-computed-from-features",
    "leak-total-with-part leak-split-sum leak-split-product leak-split-xor leak-xor-with-feature",
  ],
  ["target-computed-from-features ladder-saturated", "leak-split-six execution-solved-by-twenty"],
  [
    "target-encoded-in-feature target-copied-in-feature",
    `leak-low-digits leak-remainder leak-parity leak-number-of-decimals leak-text-length leak-code-letter
     leak-last-hex-digit leak-letter-case leak-in-date feature-low-digits feature-category-variants
     text-ends-with-code text-trailing-spaces text-invisible-mark text-length-remainder text-first-letters-case`,
  ],
  [
    "target-encoded-in-feature level-reveals-target feature-nearly-determines-target",
    "leak-missingness feature-missing-by-label",
  ],
  ["level-reveals-target", "leak-single-prices"],
  [
    "target-encoded-in-feature level-reveals-target target-computed-from-features feature-nearly-determines-target",
    "leak-which-missing",
  ],
  [
    "undeclared-group-on-both-sides target-copied-in-feature feature-nearly-determines-target target-encoded-in-feature",
    "leak-join-key",
  ],
  ["answers-in-public", "leak-join-file leak-join-file-by-id"],
  // Order and ids.
  [
    "order-predicts-target",
    `order-test-sorted order-train-sorted order-both-sorted-descending order-blocks order-interleaved
     ids-ascend-with-target ids-remainder ids-carry-letter ids-hash-of-target`,
  ],
  // Media.
  [
    "label-in-media",
    `media-label-in-name media-code-in-name media-name-remainder media-label-in-folder media-png-text
     media-png-packed-text media-png-time media-exif media-jpeg-comment media-after-end media-file-size
     media-size-remainder media-one-pixel media-low-bits media-wav-header media-wav-byte-rate media-last-sample
     media-series-low-digits`,
  ],
  [
    "label-in-media target-encoded-in-feature target-copied-in-feature",
    "media-label-in-name media-code-in-name media-name-remainder media-label-in-folder",
  ],
  ["label-in-media label-inside-test-file", "media-series-low-digits media-png-text media-wav-header"],
  ["media-files-inconsistent", "media-file-missing media-file-orphaned media-file-truncated"],
  ["ladder-no-skill ladder-little-gain target-unlike-train", "media-files-exchanged"],
  // Answers in public.
  [
    "answers-in-public",
    `answers-plain-copy answers-as-json answers-in-zip answers-in-tar answers-in-gzip answers-in-zip-in-gzip
     answers-base64 answers-packed-base64 answers-hex answers-utf16 answers-reversed answers-rot13
     answers-column-alone answers-shuffled-columns answers-in-description
     answers-in-file-name description-tells-test-answers`,
  ],
  ["answers-in-public package-file-unexpected", "answers-hidden-file"],
  ["answers-in-public duplicates-across-sides ids-inconsistent", "answers-as-test-rows-of-train"],
  // The sample submission.
  [
    "sample-submission-informative",
    "sample-is-the-answers sample-mostly-right sample-scores-follow-truth sample-digits-tell sample-order-tells",
  ],
  ["answers-in-public", "sample-is-the-answers"],
  ["sample-submission-informative sample-submission-invalid order-predicts-target", "sample-order-tells"],
  ["sample-submission-invalid sample-submission-informative", "sample-constant"],
  [
    "sample-submission-invalid metric-refuses-sample",
    `sample-lacks-column sample-column-renamed sample-extra-column sample-has-empty sample-unknown-label
     sample-text-in-numbers`,
  ],
  [
    "sample-submission-invalid metric-refuses-sample ids-inconsistent",
    "sample-lacks-rows sample-repeats-id ids-not-first",
  ],
  ["table-malformed", "ids-not-first"],
  // The answers.
  ["package-file-missing", "answers-file-missing"],
  [
    "package-file-missing answers-invalid test-size-unsound table-malformed ids-inconsistent",
    "answers-file-empty",
  ],
  ["ids-inconsistent", "answers-lack-rows answers-extra-row answers-repeat-id"],
  [
    "answers-invalid target-unlike-train",
    `answers-nan answers-nan-text answers-wrong-type answers-with-unit answers-label-shifted answers-label-numbers
     answers-label-respelled answers-label-undeclared answers-out-of-range answers-negative-count answers-other-unit
     answers-constant manifest-label-missing`,
  ],
  [
    "class-unsupported",
    "answers-label-shifted answers-label-numbers answers-label-respelled answers-label-undeclared",
  ],
  ["metric-blind-to-permutation metric-won-by-constant", "answers-constant"],
  ["ladder-no-skill ladder-little-gain", "answers-misaligned answers-labels-rotated answers-random"],
  ["target-unlike-train", "answers-labels-rotated answers-random answers-misaligned"],
  [
    "answers-invalid table-malformed metric-unusable columns-disagree",
    "answers-target-renamed answers-auxiliary-missing",
  ],
  // The split.
  [
    "test-size-unsound",
    "split-tiny-test split-just-too-few split-small-share split-large-share table-test-empty",
  ],
  ["table-malformed ids-inconsistent", "table-test-empty"],
  ["class-unsupported", "split-class-only-in-test split-class-once-in-train"],
  [
    "train-and-test-differ",
    "shift-in-mean shift-in-missing shift-in-decimals shift-by-selection test-number-other-unit test-category-respelled",
  ],
  ["manifest-contradictory manifest-files-mismatch test-size-unsound", "split-sizes-misstated"],
  [
    "duplicates-across-sides",
    `duplicates-exact duplicates-faint-noise duplicates-noise duplicates-one-hole duplicates-text-respelled
     duplicates-text-edited duplicates-media-exact duplicates-media-repacked duplicates-media-noise`,
  ],
  // Of files, by a check that there was not at the first run.
  [
    "media-duplicates-across-sides",
    "duplicates-media-exact duplicates-media-repacked duplicates-media-noise",
  ],
  ["group-on-both-sides", "group-off-by-one group-one-subject-both-sides group-respelled"],
  ["undeclared-group-on-both-sides", "group-respelled"],
  ["test-size-unsound", "group-few-in-test"],
  ["time-order-broken", "time-test-before-train time-overlap-by-one time-scattered"],
  ["future-in-features", "time-lead-one time-lead-zero"],
  ["next-row-reveals-target", "time-lead-one"],
  ["target-copied-in-feature feature-nearly-determines-target", "time-lead-zero"],
  // Tables and ids.
  [
    "target-visible-in-test",
    "test-holds-target test-holds-target-some test-holds-empty-target test-holds-target-other-case",
  ],
  ["columns-disagree answers-in-public", "test-holds-target-other-case"],
  ["columns-disagree table-malformed answers-invalid", "train-lacks-target"],
  ["table-malformed answers-invalid columns-disagree target-unlike-train", "train-target-has-holes"],
  ["class-unsupported target-unlike-train answers-invalid", "train-target-constant"],
  [
    "ids-inconsistent",
    "ids-repeat-in-test ids-repeat-everywhere ids-differ-in-form ids-of-train-in-test ids-missing-in-test",
  ],
  [
    "columns-disagree",
    `test-column-renamed test-column-trailing-blank test-column-missing test-column-additional test-number-with-unit
     test-number-other-unit test-category-respelled`,
  ],
  [
    "table-malformed",
    "table-column-twice table-ragged-short table-ragged-long table-latin1 table-null-bytes table-other-separator",
  ],
  ["columns-disagree", "table-other-separator"],
  // The description.
  [
    "description-metric-wrong",
    `description-metric-name description-metric-title-only description-direction description-best-score
     description-metric-missing manifest-direction-turned metric-direction-turned`,
  ],
  [
    "description-example-invalid",
    `description-submission-column description-id-column description-example-header description-example-label
     description-example-lacks-cell description-example-missing`,
  ],
  [
    "description-misstates description-contradicts-data",
    "description-submission-column description-id-column",
  ],
  [
    "description-misstates description-contradicts-data",
    `description-train-rows description-test-rows description-columns-count description-target-unit
     description-positive-class description-label-misspelt description-target-renamed description-column-misspelt
     description-column-unlisted description-groups-misstated`,
  ],
  ["description-example-invalid", "description-label-misspelt"],
  [
    "description-section-missing",
    "description-no-evaluation description-no-format description-no-data description-no-overview",
  ],
  ["description-example-invalid", "description-no-format"],
  ["description-metric-wrong", "description-no-evaluation"],
  [
    "description-file-omitted",
    "description-file-unnamed description-attribution-unnamed description-no-data",
  ],
  ["description-file-absent", "description-file-absent"],
  ["description-copy-differs", "description-copies-differ"],
  // The package and its manifest.
  [
    "package-file-missing",
    `package-lacks-metric package-lacks-prepare package-lacks-description package-lacks-public-description
     package-lacks-train package-lacks-test package-lacks-sample manifest-lists-absent-file`,
  ],
  ["manifest-files-mismatch", "manifest-wrong-hash manifest-lists-absent-file manifest-unlisted-file"],
  ["package-file-unexpected", "manifest-unlisted-file"],
  [
    "manifest-invalid",
    `manifest-other-schema manifest-unknown-field manifest-lacks-metric manifest-direction-unknown
     manifest-metric-unknown manifest-target-absent manifest-feature-absent manifest-feature-mistyped
     manifest-groups-absent`,
  ],
  [
    "manifest-contradictory",
    `manifest-direction-turned manifest-best-wrong manifest-metric-unknown manifest-target-absent
     manifest-feature-absent manifest-feature-mistyped manifest-label-missing manifest-groups-absent`,
  ],
  ["metric-direction-wrong", "manifest-direction-turned metric-direction-turned"],
  ["metric-perfect-not-best", "manifest-best-wrong"],
  [
    "columns-disagree table-malformed",
    "manifest-target-absent manifest-feature-absent manifest-feature-mistyped manifest-groups-absent",
  ],
  ["answers-invalid", "manifest-target-absent"],
  ["group-on-both-sides", "manifest-groups-absent"],
  ["budget-exceeded", "budget-one-second budget-no-memory"],
  // The metric.
  [
    "metric-differs-from-reference",
    `metric-averages-classes metric-wrong-average metric-absolute-for-squared metric-squared-for-absolute
     metric-correlation-for-r2 metric-swapped-arguments metric-by-position metric-by-index metric-ignores-half
     metric-ignores-every-tenth metric-ignores-last-row metric-ignores-rare-label metric-trims-errors
     metric-averages-batches metric-hardens-scores metric-wrong-log-base metric-times-hundred metric-slightly-off
     metric-best-not-reached metric-negated metric-folded metric-saturates metric-coarse metric-constant
     metric-random metric-keeps-state metric-nan-on-constant metric-nan-at-extremes metric-crashes-at-extremes
     metric-extremes-win metric-constant-wins metric-nan-wins metric-second-subclass`,
  ],
  [
    "metric-perfect-not-best",
    "metric-best-not-reached metric-negated metric-times-hundred metric-slightly-off",
  ],
  ["metric-blind-to-permutation", "metric-constant metric-negated"],
  ["metric-won-by-constant", "metric-constant metric-constant-wins"],
  [
    "metric-not-monotone",
    "metric-negated metric-folded metric-saturates metric-coarse metric-constant metric-extremes-win metric-keeps-state",
  ],
  [
    "metric-depends-on-order",
    "metric-by-position metric-by-index metric-penalty-for-order metric-backdoor-order validator-wants-order",
  ],
  ["metric-unstable", "metric-random metric-keeps-state metric-nan-at-extremes metric-crashes-at-extremes"],
  ["source-unseeded-randomness", "metric-random"],
  [
    "metric-unusable",
    `metric-nan-on-constant metric-nan-at-extremes metric-returns-text metric-returns-nothing
     metric-second-subclass metric-needs-argument metric-no-validator metric-other-signature metric-does-not-parse
     metric-missing-import`,
  ],
  ["metric-perfect-not-best", "metric-returns-nothing"],
  ["metric-accepts-bad-submission", "metric-nan-wins metric-no-validator"],
  [
    "metric-changes-inputs",
    "metric-sorts-truth metric-renames-prediction metric-adds-column metric-changes-index metric-changes-a-value",
  ],
  ["metric-differs-from-reference metric-perfect-not-best", "metric-changes-a-value"],
  [
    "metric-class-wrong",
    "metric-second-subclass metric-needs-argument metric-no-validator metric-other-signature",
  ],
  ["source-unparsable", "metric-does-not-parse"],
  ["source-imports-unknown", "metric-missing-import"],
  ["metric-accepts-bad-submission metric-unusable", "metric-validator-arguments-swapped"],
  // Refusals.
  [
    "metric-accepts-bad-submission",
    `accepts-missing-ids accepts-extra-ids accepts-duplicate-ids accepts-last-duplicate accepts-nan
     accepts-nan-drops-rows accepts-infinite accepts-text-for-numbers accepts-unknown-label accepts-label-in-any-case
     accepts-extra-column accepts-missing-column accepts-missing-id-column accepts-renamed-column accepts-empty
     accepts-no-table validator-returns validator-returns-false validator-prints validator-raises-other
     evaluate-scores-bad-as-nought`,
  ],
  ["metric-refusal-unexplained metric-accepts-bad-submission", "validator-raises-other"],
  ["metric-unusable metric-accepts-bad-submission", "validator-exits"],
  ["metric-refusal-unexplained", "validator-says-nothing validator-says-one-thing"],
  ["metric-refusal-leaks metric-refusal-unexplained", "validator-tells-answers"],
  ["metric-refuses-sample metric-unusable", "validator-wants-order validator-refuses-all"],
  // The preparation.
  [
    "preparation-not-deterministic source-unseeded-randomness",
    `prepare-clock prepare-date prepare-hash-seed prepare-set-order prepare-directory-order prepare-glob-order
     prepare-working-directory prepare-raw-path prepare-output-path prepare-locale prepare-time-zone prepare-cores
     prepare-environment prepare-process-id prepare-address prepare-file-time prepare-unseeded
     prepare-unseeded-library prepare-system-entropy`,
  ],
  ["source-has-absolute-path", "prepare-working-directory prepare-absolute-path"],
  ["package-file-missing prepare-signature-wrong", "prepare-file-empty"],
  [
    "preparation-failed prepared-data-differ",
    "prepare-does-nothing prepare-lacks-answers prepare-lacks-sample",
  ],
  ["source-unparsable", "prepare-does-not-parse"],
  ["prepare-signature-wrong", "prepare-other-name prepare-other-signature"],
  ["preparation-failed source-imports-unknown", "prepare-missing-import"],
  ["prepared-data-differ", "prepare-half-a-file prepare-extra-output"],
  ["preparation-killed preparation-failed prepared-data-differ", "prepare-exits-early"],
  ["preparation-failed", "prepare-raises"],
  ["preparation-timeout", "prepare-never-ends"],
  ["preparation-killed preparation-failed", "prepare-eats-memory"],
  [
    "source-deletes-files preparation-failed",
    "prepare-deletes-raw prepare-deletes-raw-quietly prepare-moves-raw prepare-writes-raw",
  ],
  [
    "preparation-changes-raw",
    "prepare-deletes-raw prepare-deletes-raw-quietly prepare-moves-raw prepare-writes-raw",
  ],
  ["source-uses-network", "prepare-network prepare-network-hidden cheat-network"],
  [
    "answers-in-public prepared-data-differ preparation-failed",
    "prepare-publishes-answers prepare-publishes-answers-packed",
  ],
  // Programs that cheat.
  ["metric-depends-on-order metric-differs-from-reference", "cheat-patches-pandas-shuffle"],
  ["metric-changes-inputs", "cheat-patches-pandas-equals"],
  [
    "metric-differs-from-reference metric-unusable metric-perfect-not-best",
    `cheat-patches-read-csv cheat-patches-numpy-random cheat-patches-sklearn cheat-prints-then-wrong cheat-at-exit
     cheat-patches-json cheat-sly-number cheat-watches-caller cheat-takes-truth-from-caller`,
  ],
  [
    "metric-blind-to-permutation metric-won-by-constant metric-not-monotone",
    "cheat-patches-numpy-random cheat-patches-json cheat-watches-caller cheat-takes-truth-from-caller cheat-sly-number",
  ],
  [
    "source-patches-library",
    `cheat-patches-pandas-shuffle cheat-patches-pandas-equals cheat-patches-read-csv cheat-patches-numpy-random
     cheat-patches-sklearn cheat-patches-json cheat-replaces-error-class`,
  ],
  [
    "metric-unusable",
    `cheat-prints-forged-pass cheat-writes-all-channels cheat-exits-zero cheat-exits-zero-on-import
     cheat-exits-zero-when-refusing cheat-hangs cheat-sleeps cheat-eats-memory cheat-replaces-error-class`,
  ],
  [
    "metric-accepts-bad-submission metric-refusal-unexplained",
    "cheat-exits-zero-when-refusing cheat-replaces-error-class",
  ],
  // The ladder.
  [
    "ladder-no-skill ladder-little-gain",
    "execution-no-signal execution-train-shuffled execution-hardly-signal",
  ],
  ["target-unlike-train", "execution-train-shuffled"],
];

/** Kind → ids of the checks that may kill it; some of them may not exist yet. */
export const expected: ReadonlyMap<string, ReadonlySet<string>> = collect();

function collect(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [checks, kinds] of GROUPS)
    for (const kind of kinds.split(/\s+/)) {
      const known = found.get(kind) ?? new Set();
      for (const check of checks.split(" ")) known.add(check);
      found.set(kind, known);
    }
  return found;
}
