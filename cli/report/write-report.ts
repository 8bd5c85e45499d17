import { join } from "node:path";
import { readPackage } from "../../task/package/read.ts";
import { type RunFolder, writeWhole } from "../run-folder.ts";
import { readEvents, type Summary } from "../summary.ts";
import { page, type TaskCard } from "./page.ts";
import { timelineOf } from "./timeline.ts";

/** Writes `report.html` of a run from its summary and the packages that it published. */
export async function writeReport(run: RunFolder, summary: Summary): Promise<void> {
  const cards = new Map<string, TaskCard>();
  for (const task of summary.datasets.flatMap((dataset) => dataset.tasks)) {
    try {
      const { manifest, certificate } = await readPackage(task.path);
      if (certificate !== null) cards.set(task.id, { folder: task.path, manifest, certificate });
    } catch {
      // A package that was moved away meanwhile: the page says so instead of failing the run.
    }
  }
  writeWhole(
    join(run.folder, "report.html"),
    page(summary, cards, timelineOf(readEvents(join(run.folder, "events.jsonl")))),
  );
}
