import type { Draft } from "../../verifiers/helpers/draft.ts";

/** One way in which a sound package can be spoilt, and the same surgery without the defect. */
export interface MutantKind {
  /** kebab-case, unique. */
  id: string;
  /** One sentence: the defect, and which sentence of note 05 it breaks. */
  breaks: string;
  /** The words of note 05 that a check must have for this (its heading/phrase), for mapping to check ids by somebody else later. */
  catalogue: string;
  /** What it was when first run, and why that is no defect: such a kind was changed and not the checks. */
  corrected?: string;
  /** Which base packages it applies to (decided from the manifest and files alone). */
  applies(draft: Draft): boolean;
  /** Injects the one defect. `random` is a seeded stream. */
  mutate(draft: Draft, random: () => number): void;
  /** The sound twin: the same surgery without the defect (a column of noise instead of the leak, renamed, shuffled …). */
  twin(draft: Draft, random: () => number): void;
}
