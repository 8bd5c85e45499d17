import { describe, expect, it } from "vitest";
import { digest } from "../../agents/model/digest.ts";
import type { Probe } from "../../dataset/survey.ts";
import { column, numeric, probe as probeOf, survey, view } from "../helpers/survey-fixture.ts";

const probe = (name: string, gain: number, facts: Partial<Probe> = {}) => probeOf(name, { gain, ...facts });

/** The lines of a digest of one view that start like this. */
function linesOf(facts: Parameters<typeof view>[2], columns = [column("a", "number")]): string[] {
  return digest(survey([view("table", columns, facts)]), { values: true }).split("\n");
}

describe("a survey's digest", () => {
  it("tells in full what can be learned, and shortly what other columns decide or all together give away", () => {
    const lines = linesOf({
      probes: [
        probe("weak", 0.3, { singles: [{ column: "a", gain: 0.2 }] }),
        probe("code", 0.9, {
          copies: ["name"],
          determinedBy: [["name"], ["key"], ["x", "y"]],
          singles: [{ column: "name", gain: 1 }],
        }),
        probe("easy", 0.99, { singles: [{ column: "b", gain: 0.7 }] }),
        probe("noise", 0.01),
      ],
    });
    const at = lines.findIndex((line) => line.startsWith("predictable from"));
    expect(lines.slice(at + 1, at + 5)).toEqual([
      "weak 0.30 | a 0.20",
      "without the columns that decide them alone: code 0.90 (name, key)",
      "given away (gain 0.97 or more): easy (b alone 0.70)",
      "nothing found: noise",
    ]);
  });

  it("spends no words on statistics of identifiers, shows empty text, and says what codes mean", () => {
    const lines = linesOf({ groups: [{ column: "person", groups: 40, rows: 12, why: "names a person" }] }, [
      column("person", "integer", { flags: ["identifier"], numeric: numeric({ min: 1, max: 40 }) }),
      column("state", "category", {
        distinct: 2,
        top: [
          ["", 900],
          ["1", 100],
        ],
        labels: { "1": "married" },
      }),
    ]);
    expect(lines).toContain("person | integer |  | 50 | 1..40 | identifier");
    expect(lines).toContain('state | category |  | 2 | "" (900), 1 = married (100)');
    expect(lines).toContain("rows come in groups (how many, of how many rows as a rule): person (40 of 12)");
  });
});
