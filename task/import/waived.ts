const LAID_OUT = "the import lays the folder out and writes its manifest";

/** Checks of what an import makes itself, for every format. */
export const MADE_BY_IMPORT: Record<string, string> = {
  "manifest-invalid": LAID_OUT,
  "manifest-contradictory": LAID_OUT,
  "manifest-files-mismatch": LAID_OUT,
  "package-file-unexpected": LAID_OUT,
  "description-copy-differs": LAID_OUT,
  "description-file-absent": "the import gives the tables other names than the description",
  "description-file-omitted": "the import gives the tables other names than the description",
  "description-metric-wrong": "the description's words for the metric are not known",
};

/** The same reason for several checks. */
export function waive(reason: string, ...checks: string[]): Record<string, string> {
  return Object.fromEntries(checks.map((check) => [check, reason]));
}

/** Checks of the text of `metric.py`, which is ours where the metric is named. */
export const METRIC_TEXT = ["metric-class-wrong"];
/** Checks of the text of `prepare.py`. */
export const PREPARE_TEXT = ["prepare-signature-wrong"];
/** Checks of both texts. */
export const SOURCE_TEXTS = [
  "source-deletes-files",
  "source-has-absolute-path",
  "source-unparsable",
  "source-unseeded-randomness",
  "source-uses-network",
];
/** Checks of the description's words and form. */
export const DESCRIPTION_TEXT = ["description-section-missing", "description-example-invalid"];
