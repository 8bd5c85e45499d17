import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { TreeReference } from "../../sandbox/job.ts";
import { BadInputError, describeError, InfrastructureError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import type { ArtefactStore } from "../store.ts";
import { adoptInPlace, copyInto, hasHardLinks } from "./copy-tree.ts";
import { diskError, systemCode } from "./disk-errors.ts";
import { removeTree, TreeWriter } from "./tree-writer.ts";

/**
 * Opens (and makes, where needed) an artefact store in a folder: `trees/<hash>/…` and `json/<xx>/<hash of key>.json`.
 * Several processes may use one store at once. What a killed process left half-written is removed.
 * @throws InfrastructureError when the folder cannot be written.
 */
export async function openStore(folder: string): Promise<ArtefactStore> {
  const root = resolve(folder);
  const trees = join(root, "trees");
  const json = join(root, "json");
  const marks = {
    own: `.incoming-${hostname()}-${process.pid}-`,
    any: new RegExp(`^\\.incoming-${escapeRegExp(hostname())}-(\\d+)-`),
  };
  const place = (hash: string) => {
    // A reference may have come with a request: it leads to trees, and nowhere else.
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new InfrastructureError("a reference names no tree of the store");
    return join(trees, hash);
  };
  const jsonPath = (key: string) => {
    const name = sha256(key);
    return join(json, name.slice(0, 2), `${name}.json`);
  };

  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw diskError(error, root);
    }
  };

  await guarded(async () => {
    // Another uid, the sandbox's, must be able to pass through.
    for (const path of [root, trees, json]) {
      await mkdir(path, { recursive: true, mode: 0o755 });
      await chmod(path, 0o755).catch(() => undefined);
    }
    await removeLeftovers(trees, marks.any);
  });

  const besidePath = () => join(trees, `${marks.own}${randomBytes(6).toString("hex")}`);

  async function newTree(): Promise<TreeWriter> {
    const beside = besidePath();
    await mkdir(beside, { mode: 0o755 });
    return new TreeWriter(beside, place);
  }

  /** Runs `fill` on a new tree and commits it; nothing stays behind when it fails. */
  async function makeTree(fill: (writer: TreeWriter) => Promise<void>): Promise<TreeReference> {
    const writer = await newTree();
    try {
      await fill(writer);
      return await writer.commit();
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  async function moveTree(source: string): Promise<TreeReference> {
    const beside = besidePath();
    await rename(source, beside);
    const writer = new TreeWriter(beside, place);
    try {
      await adoptInPlace(writer);
      return await writer.commit();
    } catch (error) {
      // What was handed over is given back where it cannot be taken.
      await rename(beside, source).catch(() => undefined);
      throw error;
    }
  }

  return {
    folder: root,
    newTree: () => guarded(newTree),
    hasTree: async (reference) =>
      stat(place(reference.hash)).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    treePath: (reference) => place(reference.hash),
    putFiles: (files) =>
      guarded(() =>
        makeTree(async (writer) => {
          for (const [path, content] of Object.entries(files)) await writer.add(path, content);
        }),
      ),
    putTree: (source, options = {}) =>
      guarded(async () => {
        const from = resolve(source);
        const found = await stat(from).catch((error) => {
          throw new BadInputError(`Cannot be read: ${from} (${describeError(error)})`, { cause: error });
        });
        if (!found.isDirectory()) throw new BadInputError(`Not a folder: ${from}`);
        if (!options.move) return makeTree((writer) => copyInto(writer, from));
        if (!(await hasHardLinks(from))) {
          const moved = await moveTree(from).catch((error) => {
            if (systemCode(error) === "EXDEV") return undefined;
            throw error;
          });
          if (moved) return moved;
        }
        const copied = await makeTree((writer) => copyInto(writer, from));
        await removeTree(from);
        return copied;
      }),
    putJson: (key, value) =>
      guarded(async () => {
        const path = jsonPath(key);
        await mkdir(dirname(path), { recursive: true, mode: 0o755 });
        const beside = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
        try {
          await writeFile(beside, JSON.stringify({ key, value }));
          await rename(beside, path);
        } catch (error) {
          await unlink(beside).catch(() => undefined);
          throw error;
        }
      }),
    getJson: (key) =>
      guarded(async () => {
        const text = await readFile(jsonPath(key), "utf8").catch((error) => {
          if (systemCode(error) === "ENOENT") return undefined;
          throw error;
        });
        return text === undefined ? undefined : keptValue(text);
      }),
  };
}

/** The kept value. A file that a power failure cut short counts as absent: what it held is computed again. */
function keptValue(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed !== null && typeof parsed === "object" && "value" in parsed ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

async function removeLeftovers(trees: string, mark: RegExp): Promise<void> {
  for (const name of await readdir(trees)) {
    const maker = mark.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker)))
      await makeWritable(join(trees, name)).then(() => removeTree(join(trees, name)));
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755).catch(() => undefined);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Removes a store's folder, read-only as its trees are. */
export async function removeStore(folder: string): Promise<void> {
  await makeWritable(folder);
  await removeTree(folder);
}
