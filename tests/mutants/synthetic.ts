import { classificationPackage, regressionPackage, surveyPackage } from "../verifiers/helpers/base-packages.ts";
import type { Draft } from "../verifiers/helpers/draft.ts";

/** Sound packages made by hand, by name. */
export const syntheticPackages: Record<string, () => Draft> = {
  regression: () => regressionPackage(),
  classification: () => classificationPackage(),
  survey: () => surveyPackage(),
};
