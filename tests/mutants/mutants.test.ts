import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Laboratory, type Verdict } from "../../scripts/mutants/try-kind.ts";
import { checkIds } from "../../verifiers/catalogue.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { expected } from "./expected.ts";
import { mutants } from "./kinds/index.ts";
import type { MutantKind } from "./kinds/kind.ts";
import { syntheticPackages } from "./synthetic.ts";

/** One or two kinds of each chapter, which the assertions kill; `npm run mutants` tries all. */
const KINDS = [
  "leak-negated",
  "leak-low-digits",
  "leak-code-letter",
  "leak-copied",
  "order-test-sorted",
  "media-one-pixel",
  "answers-in-zip",
  "answers-as-json",
  "answers-reversed",
  "sample-order-tells",
  "duplicates-exact",
  "group-one-subject-both-sides",
  "time-overlap-by-one",
  "test-holds-target-some",
  "description-no-evaluation",
  "manifest-metric-unknown",
  "metric-by-position",
  "metric-slightly-off",
  "metric-sorts-truth",
  "validator-returns",
  "validator-tells-answers",
  "cheat-patches-pandas-shuffle",
  "cheat-patches-pandas-equals",
  "cheat-prints-forged-pass",
  "cheat-exits-zero",
  "cheat-at-exit",
  "cheat-patches-json",
  "cheat-sly-number",
  "cheat-watches-caller",
  "cheat-replaces-error-class",
];
/** Of these the sound twin is verified too. */
const TWINS = [
  "leak-low-digits",
  "order-test-sorted",
  "answers-as-json",
  "metric-sorts-truth",
  "validator-returns",
];

describe("mutants", () => {
  let services: TestServices;
  const verdicts = new Map<string, Verdict>();

  beforeAll(async () => {
    services = await testServices({ slots: 2 });
    const laboratory = new Laboratory(services);
    const queue = [...KINDS, ...TWINS.map((id) => `${id}, its twin`)];
    const worker = async (): Promise<void> => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const kind = kindOf(name.replace(", its twin", ""));
        const twin = name.endsWith("twin");
        const { load, modality } = baseOf(kind);
        const base = { name: "test", modality, load, raw: null, heavy: false };
        const change = twin ? kind.twin : kind.mutate;
        verdicts.set(
          name,
          await laboratory.verdict(base, (draft) => change.call(kind, draft, random()), {
            raw: false,
            ladder: false,
          }),
        );
      }
    };
    await Promise.all([worker(), worker()]);
  }, 120_000);
  afterAll(async () => await services.close());

  test.each(KINDS)("%s is rejected by a check for it", (id) => {
    const verdict = verdicts.get(id);
    expect(verdict?.problem).toBeNull();
    const wanted = [...(expected.get(id) ?? [])];
    expect(verdict?.checks.filter((check) => wanted.includes(check))).not.toEqual([]);
  });

  test.each(TWINS)("the twin of %s is accepted", (id) => {
    expect(verdicts.get(`${id}, its twin`)).toEqual({ checks: [], evidence: [], problem: null });
  });

  test("every kind has its checks, and every check that is expected of one has a name of its own", async () => {
    expect(mutants.filter((kind) => !expected.has(kind.id)).map((kind) => kind.id)).toEqual([]);
    expect(new Set(mutants.map((kind) => kind.id)).size).toBe(mutants.length);
    const known = await checkIds();
    for (const kind of mutants)
      expect(
        [...(expected.get(kind.id) ?? [])].some((check) => known.has(check)),
        kind.id,
      ).toBe(true);
  });
});

function kindOf(id: string): MutantKind {
  const kind = mutants.find((candidate) => candidate.id === id);
  if (kind === undefined) throw new Error(`no kind ${id}`);
  return kind;
}

function baseOf(kind: MutantKind) {
  for (const make of Object.values(syntheticPackages)) {
    const draft = make();
    if (kind.applies(draft))
      return { modality: draft.manifest.modality, load: () => Promise.resolve(make()) };
  }
  throw new Error(`no base for ${kind.id}`);
}

/** The same numbers in every test. */
function random(): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 4_294_967_296;
  };
}
