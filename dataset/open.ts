import { realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BadInputError, describeError, InterruptedError } from "../core/errors.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { TreeReference } from "../sandbox/job.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { copyRaw } from "./copy-raw.ts";

const packageFolder = fileURLToPath(new URL("./python/smith_dataset", import.meta.url));
const archiveNames = /\.(zip|tar|tgz|tbz2|txz|gz|bz2|xz)$/i;
const endings = /(\.tar)?\.(zip|tar|tgz|tbz2|txz|gz|bz2|xz)$|\.[A-Za-z0-9]{1,8}$/i;

/** Something of the dataset that is not used, and why. */
export interface SetAside {
  path: string;
  why: string;
}

/** A dataset in the store, its archives unpacked. */
export interface OpenedDataset {
  /** Name of the folder or file, without its ending. */
  name: string;
  raw: TreeReference;
  /** Content hash of `raw`, in hexadecimal. */
  fingerprint: string;
  setAside: SetAside[];
}

/** Bounds on one dataset, before and after unpacking. */
export interface DatasetLimits {
  bytes: number;
  files: number;
}

const defaultLimits: DatasetLimits = { bytes: 2 * 1024 ** 3, files: 200_000 };

const Ingested = z.strictObject({
  unpacked: z.boolean(),
  problems: z.array(z.strictObject({ path: z.string(), why: z.string() })),
});

/**
 * Copies a folder, file or archive into the store; the dataset itself is never changed, links in it are never followed. With
 * `exact` the path itself may hold no link either: whoever checked it has checked the place that is read.
 * Archives are unpacked in the sandbox.
 * @throws BadInputError when there is nothing at the path, nothing in it, or too much.
 */
export async function openDataset(
  path: string,
  services: { store: ArtefactStore; programs: ProgramRunner },
  options: { signal?: AbortSignal; limits?: Partial<DatasetLimits>; exact?: boolean } = {},
): Promise<OpenedDataset> {
  const limits = { ...defaultLimits, ...options.limits };
  const named = resolve(path);
  // A user may name a link. From here on the real place is meant, and every file that is opened must lie in it.
  const full = await realpath(named).catch((error) => {
    throw noDataset(named, error);
  });
  if (options.exact && full !== named) throw noDataset(named, new Error("it is, or lies behind, a link"));
  const found = await stat(full).catch((error) => {
    throw noDataset(named, error);
  });
  if (!found.isDirectory() && !found.isFile())
    throw new BadInputError(`Neither a folder nor a file: ${full}`, {
      hint: "Give the path of a folder, a file or an archive.",
    });
  const { raw, paths, setAside } = await copyRaw(full, services.store, {
    limits,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const last = basename(named);
  const name = found.isDirectory() ? last : last.replace(endings, "") || last;
  if (!paths.some((file) => archiveNames.test(file))) return { name, raw, fingerprint: raw.hash, setAside };
  const unpacked = await unpack(raw, services, limits, options.signal);
  return {
    name,
    raw: unpacked.raw,
    fingerprint: unpacked.raw.hash,
    setAside: [...setAside, ...unpacked.setAside],
  };
}

function noDataset(path: string, error: unknown): BadInputError {
  return new BadInputError(`There is no dataset at ${path} (${describeError(error)})`, {
    cause: error,
    hint: "Give the path of a folder, a file or an archive that this user may read.",
  });
}

async function unpack(
  raw: TreeReference,
  services: { store: ArtefactStore; programs: ProgramRunner },
  limits: DatasetLimits,
  signal: AbortSignal | undefined,
): Promise<{ raw: TreeReference; setAside: SetAside[] }> {
  const mebibytes = Math.ceil(limits.bytes / 1024 ** 2);
  const outcome = await services.programs.run(
    {
      name: "ingest",
      argv: ["-m", "smith_dataset.ingest"],
      packages: [packageFolder],
      input: { limits: { total_bytes: limits.bytes, entries: limits.files } },
      trees: { raw },
      // The copy and what is unpacked are both written; the program counts exactly, this only bounds it.
      limits: {
        wallMs: 600_000,
        memMb: 1024,
        diskMb: 2 * mebibytes + 64,
        outputBytes: 2 * limits.bytes + 64 * 1024 ** 2,
      },
      output: Ingested,
    },
    signal ? { signal } : {},
  );
  if (signal?.aborted) throw new InterruptedError("Stopped while archives were unpacked");
  if (!outcome.ok)
    throw new BadInputError(`The archives of the dataset cannot be unpacked: ${outcome.reason}`, {
      hint: "Unpack them yourself and hand over the folder.",
    });
  if (!outcome.output.unpacked) return { raw, setAside: outcome.output.problems };
  // Beside result.json there is nothing when no archive could be unpacked and there was no other file.
  if (outcome.outputs.files <= 1) {
    const [first] = outcome.output.problems;
    throw new BadInputError(
      `Nothing could be unpacked${first ? ` (${JSON.stringify(first.path)}: ${first.why})` : ""}`,
      { hint: "Unpack the archive yourself and hand over the folder." },
    );
  }
  const tree = await services.store.putTree(join(services.store.treePath(outcome.outputs), "raw"));
  return { raw: tree, setAside: outcome.output.problems };
}
