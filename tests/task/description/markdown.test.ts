import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, escaped, percent, prose, table } from "../../../task/description/markdown.ts";

const hostile = fc.string({
  unit: fc.constantFrom(..."`*_[]()<>|~$&#\\!\n\r\t a1\u202e\u0000-+."),
  maxLength: 40,
});

describe("text of data in Markdown", () => {
  it("never breaks a table row, opens HTML or a code span", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const row = table(["a"], [[escaped(text)]]).split("\n");
        expect(row).toHaveLength(3);
        const cell = row[2]?.slice(2, -2) ?? "";
        const unescaped = cell.replace(/\\[\s\S]/g, "");
        expect(unescaped).not.toMatch(/[|`<>*[\]]/);
        expect(cell).not.toMatch(/[\p{Cc}\u202e]/u);
      }),
    );
  });

  it("keeps names whole in code spans, whatever they hold", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const span = code(text);
        if (span === "(blank)") return;
        const fence = /^`+/.exec(span)?.[0] ?? "";
        const inner = span.slice(fence.length, -fence.length);
        expect(fence.length).toBeGreaterThan(0);
        expect([...inner.matchAll(/`+/g)].every(([run]) => run.length !== fence.length)).toBe(true);
        expect(inner.replaceAll("\\|", "")).not.toContain("|");
      }),
    );
  });

  it("takes headings, fences, HTML and pictures from an author's paragraphs", () => {
    const text = prose(
      "# Big\n\n```python\nx\n```\n<script>alert(1)</script> ![x](http://a)\n\n\n\nPlain *words*.",
    );
    expect(text).not.toMatch(/^#|```|<script|!\[/m);
    expect(text).toContain("Plain *words*.");
  });

  it("rounds no share to nothing or to all", () => {
    expect([0, 0.00001, 0.0512, 0.99999, 1].map(percent)).toEqual([
      "0%",
      "under 0.01%",
      "5.1%",
      "over 99.99%",
      "100%",
    ]);
  });
});
