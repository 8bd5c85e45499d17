import type { Check } from "../../check.ts";
import { endedWith, type PreparationContext } from "../../preparation.ts";

const check: Check<PreparationContext> = {
  id: "preparation-timeout",
  layer: "assertions",
  title: "prepare.py does not end in time",
  severity: "fatal",
  blame: "refactor",
  why: "A preparation that does not end blocks whoever builds a benchmark.",
  threshold: "120 seconds of wall time for each of two runs, the default of the product",
  origin: "the limit under which a task is made: most preparations of the corpus take seconds",
  run: (context) => endedWith(context, "timeout", "Make prepare.py end within its time."),
};
export default check;
