import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of one text and of one sample that a Reviewer is shown, at most. */
const longestText = 30_000;
const longestSample = 1500;

/** The package's own texts, and the first lines of its tables, bounded. */
export async function readPackageTexts(
  folder: string,
): Promise<{ files: Record<string, string>; samples: Record<string, string> }> {
  const files: Record<string, string> = {};
  for (const name of ["description.md", "task.json", "prepare.py", "metric.py"])
    files[name] = await head(join(folder, name), longestText);
  const samples: Record<string, string> = {};
  for (const side of ["public", "private"]) {
    for (const name of (await readdir(join(folder, side))).sort()) {
      if (name.endsWith(".csv"))
        samples[`${side}/${name}`] = firstLines(await head(join(folder, side, name), longestSample), 4);
    }
  }
  return { files, samples };
}

async function head(path: string, bytes: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}

function firstLines(text: string, count: number): string {
  return text.split("\n").slice(0, count).join("\n");
}
