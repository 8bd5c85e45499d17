import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError } from "../../core/errors.ts";
import { openDataset } from "../../dataset/open.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import { expected } from "../../tests/mutants/expected.ts";
import type { MutantKind } from "../../tests/mutants/kinds/kind.ts";
import { type Draft, savePackage, stream } from "../../tests/verifiers/helpers/draft.ts";
import { checkCatalogue } from "../../verifiers/catalogue.ts";
import type { VerificationServices } from "../../verifiers/services.ts";
import { assertPackage, verifyPackage } from "../../verifiers/verify.ts";
import type { Base } from "./bases.ts";
import { needsRaw, numberOf } from "./choose.ts";

/** What the verification said of one package. */
export interface Verdict {
  /** Checks that send it back; empty for an accepted package. */
  checks: string[];
  /** The first defect of each, as evidence. */
  evidence: string[];
  /** Why there is no verdict: the injection or the verification failed. */
  problem: string | null;
}

/** How far a package is verified: with its raw data, with the ladder, by these checks alone. */
interface Extent {
  raw: boolean;
  ladder: boolean;
  only?: string[];
}

/** One kind on one base. */
export interface Trial {
  kind: string;
  base: string;
  modality: string;
  /** Checks that may kill it. */
  expected: string[];
  killed: boolean;
  mutant: Verdict;
  twin: Verdict;
  seconds: number;
}

/** Verifies packages with one store, so that equal work is done once. */
export class Laboratory {
  readonly #services: VerificationServices;
  readonly #raw = new Map<string, Promise<TreeReference>>();

  constructor(services: VerificationServices) {
    this.#services = services;
  }

  /** Mutant and twin of a kind on a base; a twin climbs the ladder where that is what the mutant should fall from. */
  async trial(kind: MutantKind, base: Base): Promise<Trial> {
    const wanted = [...(expected.get(kind.id) ?? [])];
    const climbs = wanted.some((check) => /^(ladder|budget)-/.test(check));
    const started = performance.now();
    const raw = needsRaw(kind);
    const spoil = async (change: "mutate" | "twin", how: Extent) =>
      await this.verdict(
        base,
        (draft) => kind[change](draft, stream(numberOf(`${kind.id}/${base.name}`))),
        how,
      );
    const isKilled = ({ problem, checks }: Verdict) =>
      problem === null && checks.some((check) => wanted.includes(check));
    // A mutant that the checks of package, programs and data reject by name is not asked further.
    const measured = (await checkCatalogue()).slice(0, 3).flatMap((part) => part.checks.map(({ id }) => id));
    const early = wanted.some((check) => measured.includes(check)) && !raw;
    let mutant = early ? await spoil("mutate", { raw, ladder: false, only: measured }) : null;
    if (mutant === null || !isKilled(mutant)) mutant = await spoil("mutate", { raw, ladder: true });
    const twin = await spoil("twin", { raw, ladder: climbs });
    return {
      kind: kind.id,
      base: base.name,
      modality: base.modality,
      expected: wanted,
      killed: isKilled(mutant),
      mutant,
      twin,
      seconds: Math.round(performance.now() - started) / 1000,
    };
  }

  /**
   * The verdict on a base after a change; with its raw data where the preparation is to be repeated, and with the ladder
   * where nothing else rejects it.
   */
  async verdict(base: Base, change: (draft: Draft) => void, { raw, ladder, only }: Extent): Promise<Verdict> {
    const folder = await mkdtemp(join(tmpdir(), "mle-smith-mutant-"));
    try {
      const draft = await base.load();
      change(draft);
      await savePackage(draft, folder);
      // Files are as old as each other: the order of writing is no part of a package.
      for (const path of draft.files.keys()) await utimes(join(folder, path), DATE, DATE);
      const preparation = raw && base.raw !== null ? { preparation: await this.#rawTree(base.raw) } : {};
      const records = ladder
        ? (await verifyPackage(folder, this.#services, preparation)).records
        : await assertPackage(folder, this.#services, {
            ...preparation,
            ...(only === undefined ? {} : { only }),
          });
      const failed = records.filter((record) => record.defects.some((defect) => defect.severity !== "minor"));
      return {
        checks: failed.map((record) => record.check),
        evidence: failed.map(
          (record) => `${record.check}: ${record.defects[0]?.evidence.slice(0, 200) ?? ""}`,
        ),
        problem: null,
      };
    } catch (error) {
      return { checks: [], evidence: [], problem: describeError(error).slice(0, 400) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #rawTree(path: string): Promise<TreeReference> {
    let tree = this.#raw.get(path);
    if (tree === undefined) {
      tree = openDataset(path, this.#services, {}).then((dataset) => dataset.raw);
      this.#raw.set(path, tree);
    }
    return tree;
  }
}

const DATE = new Date("2024-01-01T00:00:00Z");
