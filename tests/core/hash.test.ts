import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../core/hash.ts";

/** The same by JSON.stringify's own replacer: slower, and what every stored name was made with. */
function byReplacer(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}

/** The same value with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe("canonical JSON", () => {
  it("is the same text whatever the order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("is what a replacer of JSON.stringify makes", () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: true, withDate: true }), (value) => {
        expect(canonicalJson(value)).toBe(byReplacer(value));
      }),
    );
    const awkward = { b: undefined, a: [undefined, null, -0], __proto__: null, toJSON: 1, 10: 1, 9: 2 };
    expect(canonicalJson(awkward)).toBe(byReplacer(awkward));
  });
});
