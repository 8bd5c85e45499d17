import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, describeError, InfrastructureError } from "../core/errors.ts";
import type { ArtefactStore } from "../core/store.ts";
import { openDataset } from "../dataset/open.ts";
import { certify } from "../graph/certify.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { Certificate } from "../task/certificate.ts";
import { referenceRuntime } from "../task/compile/manifest-draft.ts";
import type { ImportOptions } from "../task/import/foreign-task.ts";
import { importTask } from "../task/import/import-task.ts";
import { checkCatalogue, checkIds } from "../verifiers/catalogue.ts";
import { type Difference, differencesOf } from "../verifiers/differences.ts";
import { openPackage } from "../verifiers/package.ts";
import type { VerificationOptions } from "../verifiers/services.ts";
import { type AssertionOptions, type Verification, verifyPackage } from "../verifiers/verify.ts";

export interface VerifyRequest {
  folder: string;
  only?: string[];
  skip: Record<string, string>;
  /** Path of the raw dataset, to repeat the preparation. */
  raw?: string;
  import: ImportOptions;
}

/** What `mle-smith verify` says of a folder. */
export interface Verified extends Verification {
  format: "mle-smith" | "mle-dojo" | "mle-bench" | "folder";
  /** What an import assumed or left out. */
  notes: string[];
  /** Against the certificate that lies with the package; null where there is none. */
  differs: Difference[] | null;
  /** Null where the task lacks a part that it cannot be without. */
  certificate: Certificate | null;
}

interface Services {
  store: ArtefactStore;
  programs: ProgramRunner;
}

/**
 * Verifies a package of ours, or a task of others after laying it out as one. Throws BadInputError for a folder that is
 * neither and for unknown checks, InfrastructureError when something of ours failed: then there is no verdict.
 */
export async function verifyFolder(
  request: VerifyRequest,
  services: Services,
  options: Pick<VerificationOptions, "signal" | "onEvent" | "onStep" | "agent"> = {},
): Promise<Verified> {
  await refuseUnknown([...(request.only ?? []), ...Object.keys(request.skip)]);
  const chosen = request.only === undefined ? {} : { only: request.only };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  if (!(await isOurs(request.folder))) {
    const imported = await importTask(request.folder, request.import, services, signal);
    const verified = await verifyPackage(imported.tree, services, {
      ...options,
      ...chosen,
      ...(await preparation(request, services, signal)),
      skip: { ...imported.waived, ...(imported.solvable ? {} : await withoutLadder()), ...request.skip },
      tolerated: imported.tolerated,
    });
    const { format, notes, scored } = imported;
    if (verified.accepted && !scored && request.only === undefined)
      throw new InfrastructureError(
        "The task's metric gave no score for the answers once, and scores later.",
        {
          hint: "Verify again.",
        },
      );
    const folder = services.store.treePath(imported.tree);
    return { format, notes, ...verified, differs: null, certificate: await certified(folder, verified) };
  }
  const verified = await verifyPackage(request.folder, services, {
    ...options,
    ...chosen,
    ...(await preparation(request, services, signal)),
    skip: request.skip,
  });
  const certificate = await certified(request.folder, verified);
  const earlier = await readCertificate(request.folder);
  const differs =
    earlier === null ? null : differencesOf(earlier, verified, certificate ?? { task: "", versions: {} });
  return { format: "mle-smith", notes: [], ...verified, differs, certificate };
}

/** True when nothing sends the task back and no verdict is another than its certificate's. */
export function isSound({ accepted, differs }: Verified): boolean {
  return accepted && !(differs ?? []).some(({ what }) => what === "verdict" || what === "task");
}

/** The checks of execution, left out where there is nothing for the reference solvers to learn from. */
async function withoutLadder(): Promise<Record<string, string>> {
  const checks = (await checkCatalogue()).flatMap((part) => part.checks);
  const why =
    "the test rows hold no features, and what they name lies in archives or forms that the reference solvers do not open";
  return Object.fromEntries(checks.filter(({ layer }) => layer === "execution").map(({ id }) => [id, why]));
}

async function preparation(
  { raw }: VerifyRequest,
  services: Services,
  signal: { signal?: AbortSignal },
): Promise<Pick<AssertionOptions, "preparation">> {
  return raw === undefined ? {} : { preparation: (await openDataset(raw, services, signal)).raw };
}

async function refuseUnknown(checks: string[]): Promise<void> {
  const known = await checkIds();
  const unknown = checks.find((check) => !known.has(check));
  if (unknown !== undefined)
    throw new BadInputError(`There is no check ${JSON.stringify(unknown)}.`, {
      hint: "docs/checks.md lists them all.",
    });
}

/** Whether the folder is a package of ours, if perhaps a broken one. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) throw new BadInputError(`${folder} is not a folder.`);
  return (await lstat(join(folder, "task.json")).catch(() => undefined)) !== undefined;
}

async function certified(
  folder: string,
  { records, ladder, agent }: Verification,
): Promise<Certificate | null> {
  const { manifest } = await openPackage(folder);
  if (manifest === null) return null;
  const { id, author } = manifest;
  return await certify({
    task: id,
    records,
    ladder,
    agent,
    review: null,
    author,
    runtime: referenceRuntime(),
  });
}

async function readCertificate(folder: string): Promise<Certificate | null> {
  const path = join(folder, "certificate.json");
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return null;
  try {
    if (!found.isFile() || found.size > 16 * 1024 ** 2)
      throw new Error("not a regular file of at most 16 MiB");
    return Certificate.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    throw new BadInputError(`${path} is not valid: ${describeError(error).slice(0, 500)}`, { cause: error });
  }
}
