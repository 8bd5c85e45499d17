import { mutants as answersDefects } from "./answers-defects.ts";
import { mutants as cheatingExits } from "./cheating-exits.ts";
import { mutants as cheatingPrograms } from "./cheating-programs.ts";
import { mutants as descriptionDefects } from "./description-defects.ts";
import { mutants as descriptionFacts } from "./description-facts.ts";
import { mutants as disguisedLeaks } from "./disguised-leaks.ts";
import { mutants as duplicateDefects } from "./duplicate-defects.ts";
import { mutants as executionDefects } from "./execution-defects.ts";
import { mutants as groupDefects } from "./group-defects.ts";
import { mutants as idMediaDefects } from "./id-media-defects.ts";
import type { MutantKind } from "./kind.ts";
import { mutants as mediaContentLeaks } from "./media-content-leaks.ts";
import { mutants as mediaLeaks } from "./media-leaks.ts";
import { mutants as metricDefects } from "./metric-defects.ts";
import { mutants as metricScores } from "./metric-scores.ts";
import { mutants as metricValues } from "./metric-values.ts";
import { mutants as orderLeaks } from "./order-leaks.ts";
import { mutants as packageDefects } from "./package-defects.ts";
import { mutants as pairLeaks } from "./pair-leaks.ts";
import { mutants as prepareDefects } from "./prepare-defects.ts";
import { mutants as prepareDuties } from "./prepare-duties.ts";
import { mutants as publicAnswers } from "./public-answers.ts";
import { mutants as refusalDefects } from "./refusal-defects.ts";
import { mutants as splitDefects } from "./split-defects.ts";
import { mutants as submissionDefects } from "./submission-defects.ts";
import { mutants as tableAgreementDefects } from "./table-agreement-defects.ts";
import { mutants as tableDefects } from "./table-defects.ts";
import { mutants as targetLeaks } from "./target-leaks.ts";
import { mutants as textLeaks } from "./text-leaks.ts";
import { mutants as timeDefects } from "./time-defects.ts";
import { mutants as validatorDefects } from "./validator-defects.ts";

/** All kinds of mutants. */
export const mutants: MutantKind[] = [
  ...targetLeaks,
  ...disguisedLeaks,
  ...pairLeaks,
  ...orderLeaks,
  ...textLeaks,
  ...mediaLeaks,
  ...mediaContentLeaks,
  ...publicAnswers,
  ...submissionDefects,
  ...answersDefects,
  ...splitDefects,
  ...duplicateDefects,
  ...groupDefects,
  ...timeDefects,
  ...tableDefects,
  ...idMediaDefects,
  ...tableAgreementDefects,
  ...descriptionDefects,
  ...descriptionFacts,
  ...packageDefects,
  ...metricDefects,
  ...metricScores,
  ...metricValues,
  ...refusalDefects,
  ...validatorDefects,
  ...prepareDefects,
  ...prepareDuties,
  ...cheatingPrograms,
  ...cheatingExits,
  ...executionDefects,
];
