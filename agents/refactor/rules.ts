import type { Defect } from "../../verifiers/defect.ts";
import { repair } from "../designer/rules/repairs.ts";
import type { Design } from "../roles.ts";

/**
 * Form of a design by rules. A specification needs none: the compiler writes its files. Defects that are blamed on form
 * are mended only by the repair they declare; free code is beyond rules.
 */
export function refactor(design: Design, defects: readonly Defect[]): Design | { giveUp: string } {
  const own = defects.filter((defect) => defect.blame === "refactor" && defect.severity !== "minor");
  if (own.length === 0) return design;
  if (design.kind === "code") return { giveUp: `rules do not rewrite code (${own[0]?.check ?? ""})` };
  const repaired = repair(design.specification, own);
  return "giveUp" in repaired ? repaired : { kind: "specification", specification: repaired };
}
