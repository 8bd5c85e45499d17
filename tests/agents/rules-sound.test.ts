import { describe, expect, it } from "vitest";
import { gradesOf, orderOf } from "../../agents/words/levels.ts";
import { shareForEvents } from "../../agents/brainstormer/rules/split.ts";

describe("sound questions", () => {
  it("puts answers in their order, neither in the middle", () => {
    expect(
      orderOf([
        "Neither approve nor disapprove",
        "Somewhat Approve",
        "Somewhat disapprove",
        "Strongly Approve",
        "Strongly disapprove",
      ]),
    ).toEqual([
      "Strongly disapprove",
      "Somewhat disapprove",
      "Neither approve nor disapprove",
      "Somewhat Approve",
      "Strongly Approve",
    ]);
    expect(orderOf(["red", "green", "blue"])).toBeNull();
  });

  it("puts grades worst first, and no other letters", () => {
    expect(gradesOf(["A", "C", "B"])).toEqual(["C", "B", "A"]);
    expect(gradesOf(["X", "Y", "Z"])).toBeNull();
  });

  it("hides enough of the rarer class, or says that there are too few", () => {
    expect(shareForEvents(400)).toBeCloseTo(0.1);
    expect(shareForEvents(60)).toBeGreaterThan(0.5);
    expect(shareForEvents(undefined)).toBe(0);
  });
});
