import type { Check } from "../../check.ts";
import { endedWith, type PreparationContext } from "../../preparation.ts";

const check: Check<PreparationContext> = {
  id: "preparation-not-deterministic",
  layer: "assertions",
  title: "Two runs of prepare.py write different files",
  severity: "fatal",
  blame: "refactor",
  why: "Two people who prepare the task must get the same test.",
  threshold:
    "equal bytes of every file in two runs that differ in hash seed, clock, time zone, order of folders and working directory",
  run: (context) =>
    endedWith(
      context,
      "not_deterministic",
      "Remove what depends on hash seed, clock, time zone, order of folders or working directory.",
    ),
};
export default check;
