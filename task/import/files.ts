import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError } from "../../core/errors.ts";

const MOST_BYTES = 16 * 1024 ** 3;
const MOST_FILES = 200_000;
const MOST_TEXT = 1_000_000;

/**
 * Paths of the regular files below a folder that anybody may have made, in order. Throws BadInputError on links and special
 * files, on names that are not valid or hold control characters, and when there is too much of it.
 */
export async function listForeignFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [""];
  let bytes = 0;
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (/[\p{Cc}\u2028\u2029\p{Bidi_Control}\ufffd]/u.test(entry.name))
        throw new BadInputError(`The name of a file cannot be shown: ${JSON.stringify(path)}`, {
          hint: "Rename it.",
        });
      if (entry.isDirectory()) pending.push(path);
      else if (!entry.isFile())
        throw new BadInputError(`Neither a regular file nor a folder: ${JSON.stringify(path)}`, {
          hint: "Links, devices, pipes and sockets are not taken: copy the file to where the link is.",
        });
      else {
        files.push(path);
        bytes += (await lstat(join(root, path))).size;
        if (files.length > MOST_FILES)
          throw tooMuch(root, `more than ${MOST_FILES.toLocaleString("en")} files`);
        if (bytes > MOST_BYTES) throw tooMuch(root, "more than 16 GiB");
      }
    }
  }
  return files.sort();
}

function tooMuch(root: string, what: string): BadInputError {
  return new BadInputError(`${root} holds ${what}.`, { hint: "Verify a task with a part of the data." });
}

/** A text of a foreign folder; null where there is none. Throws BadInputError on a link and on a text of over 1 MB. */
export async function readForeignText(path: string): Promise<string | null> {
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) return null;
  if (!facts.isFile()) throw new BadInputError(`${path} is not a regular file.`);
  if (facts.size > MOST_TEXT) throw new BadInputError(`${path} is larger than 1 MB, too long for a text.`);
  return await readFile(path, "utf8");
}

/** Whether there is a folder, not a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}

/** The path, if there is a regular file; BadInputError where a link or something else lies in its place. */
export async function regularFile(path: string): Promise<string | null> {
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) return null;
  if (!facts.isFile())
    throw new BadInputError(`${path} is not a regular file.`, {
      hint: "Copy the file to where the link is.",
    });
  return path;
}
