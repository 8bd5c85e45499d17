import type { Check } from "../../check.ts";
import { endedWith, type PreparationContext } from "../../preparation.ts";

const check: Check<PreparationContext> = {
  id: "preparation-killed",
  layer: "assertions",
  title: "prepare.py ends the process that runs it or exceeds its limits",
  severity: "fatal",
  blame: "refactor",
  why: "Code that kills its runner, fills the disk or takes all memory cannot be run on other machines.",
  threshold: "the limits of memory, processes and disk of the sandbox",
  run: (context) => endedWith(context, "killed", "Keep prepare.py within its limits and let it return."),
};
export default check;
