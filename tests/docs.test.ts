import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documents } from "../scripts/documents.ts";

test.each(
  Object.entries(await documents()),
)("docs/%s says what the code says (else: npm run docs)", (name, text) => {
  expect(readFileSync(join(import.meta.dirname, "../docs", name), "utf8")).toBe(text);
});
