import type { Check } from "../../check.ts";
import { endedWith, type PreparationContext } from "../../preparation.ts";

const check: Check<PreparationContext> = {
  id: "preparation-failed",
  layer: "assertions",
  title: "prepare.py fails on the raw data",
  severity: "fatal",
  blame: "refactor",
  why: "What cannot be prepared again can be neither extended nor trusted; empty and outdated scripts were published.",
  run: (context) =>
    endedWith(context, "failed", "Make prepare.py turn the raw data into public/ and private/."),
};
export default check;
