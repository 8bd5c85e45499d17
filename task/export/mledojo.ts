import { randomBytes } from "node:crypto";
import { copyFile, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { BadInputError } from "../../core/errors.ts";
import type { Certificate } from "../certificate.ts";
import type { Manifest } from "../manifest.ts";
import { readPackage } from "../package/read.ts";

/** Where MLE-Dojo looks for competitions, and where it is told that their data lie. */
export interface DojoFolders {
  /** `mledojo/competitions` of a MLE-Dojo checkout, or any folder that is to be copied there. */
  competitions: string;
  /** The data directory: it gets `<name>/data/{public,private}`. */
  data: string;
}

/** What an export made. */
export interface DojoCompetition {
  /** Name in MLE-Dojo's registry: the task's id. */
  name: string;
  /** `<competitions>/<name>`, with `utils` and `info`. */
  competition: string;
  /** `<data>/<name>/data`: what `CompetitionRegistry.register` takes as `data_dir`. */
  data: string;
}

const DESCRIPTION = "description.md";

/**
 * Makes a MLE-Dojo competition of an accepted task: its files copied, `description.md` renamed to `description.txt`,
 * and the ladder's scores as both leaderboards. The leaderboards lie with the private data too, where the
 * position reward reads them. Each of the two folders is written beside and renamed into place.
 * Throws BadInputError for a folder that is no whole package, a task without a ladder, or a competition that is
 * there already.
 */
export async function exportToMleDojo(packageFolder: string, folders: DojoFolders): Promise<DojoCompetition> {
  const { manifest, certificate } = await readPackage(packageFolder);
  if (certificate === null || certificate.ladder.length === 0) {
    throw new BadInputError(`${packageFolder} has no certificate with a ladder to make a leaderboard of.`, {
      hint: "Export accepted tasks: those below tasks/ of an output folder.",
    });
  }
  const name = manifest.id;
  const made: DojoCompetition = {
    name,
    competition: join(resolve(folders.competitions), name),
    data: join(resolve(folders.data), name, "data"),
  };
  const leaderboard = leaderboardOf(certificate.ladder, manifest.metric.direction);
  const board = (folder: string) => ({
    [`${folder}/private_leaderboard.csv`]: { text: leaderboard },
    [`${folder}/public_leaderboard.csv`]: { text: leaderboard },
  });
  const data = manifest.files
    .map((file) => file.path)
    .filter((path) => /^(public|private)\//.test(path) && path !== `public/${DESCRIPTION}`);
  await refuseExisting(made.competition, dirname(made.data));
  await place(made.competition, packageFolder, {
    "utils/metric.py": { from: "metric.py" },
    "utils/prepare.py": { from: "prepare.py" },
    "info/description.txt": { from: DESCRIPTION },
    ...board("info"),
  });
  try {
    await place(dirname(made.data), packageFolder, {
      ...Object.fromEntries(data.map((path) => [`data/${path}`, { from: path }])),
      "data/public/description.txt": { from: `public/${DESCRIPTION}` },
      ...board("data/private"),
    });
  } catch (error) {
    await rm(made.competition, { recursive: true, force: true });
    throw error;
  }
  return made;
}

/** MLE-Dojo's leaderboard of the reference solvers: `rank,score`, the best first. */
export function leaderboardOf(
  ladder: Certificate["ladder"],
  direction: Manifest["metric"]["direction"],
): string {
  const sign = direction === "maximize" ? -1 : 1;
  const scores = ladder.map(({ score }) => score).sort((one, other) => sign * (one - other));
  return `${["rank,score", ...scores.map((score, index) => `${index + 1},${score}`)].join("\n")}\n`;
}

async function refuseExisting(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    const found = await lstat(folder).catch(() => undefined);
    if (found) {
      throw new BadInputError(`${folder} is there already.`, {
        hint: "Remove it, or export to another folder.",
      });
    }
  }
}

async function place(
  final: string,
  source: string,
  files: Record<string, { from: string } | { text: string }>,
): Promise<void> {
  // MLE-Dojo takes no folder whose name begins with a dot for a competition.
  const beside = join(dirname(final), `.new-${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    for (const folder of new Set(Object.keys(files).map((path) => dirname(join(beside, path))))) {
      await mkdir(folder, { recursive: true });
    }
    for (const [path, content] of Object.entries(files)) {
      if ("text" in content) await writeFile(join(beside, path), content.text);
      else await copyFile(join(source, content.from), join(beside, path));
    }
    await rename(beside, final);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
}
