import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documents } from "../scripts/documents.ts";
import { withPicture } from "../scripts/graph-picture.ts";

test.each(
  Object.entries(await documents()),
)("docs/%s says what the code says (else: npm run docs)", (name, text) => {
  expect(readFileSync(join(import.meta.dirname, "../docs", name), "utf8")).toBe(text);
});

test("the README shows the graph as it is compiled (else: npm run docs)", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  expect(await withPicture(readme)).toBe(readme);
});
