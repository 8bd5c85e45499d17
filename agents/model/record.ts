import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArtefactStore } from "../../core/store.ts";
import type { AnswerRecord } from "./endpoint.ts";

/**
 * Keeps a run's answers in the artefact store: a run that is resumed gets the same answers again and pays for none
 * twice. `scope` (the run's id) keeps other runs from getting them.
 */
export function storeRecord(store: ArtefactStore, scope: string): AnswerRecord {
  const at = (key: string) => `model-answers/${scope}/${key}`;
  return {
    replayOnly: false,
    get: (key) => store.getJson(at(key)),
    put: (key, answer) => store.putJson(at(key), answer),
  };
}

/** Answers as one JSON file each, named by the hash of the request: to record a run, and to replay it without a model. */
export function folderRecord(folder: string, options: { replayOnly: boolean }): AnswerRecord {
  const at = (key: string) => join(folder, `${key}.json`);
  return {
    replayOnly: options.replayOnly,
    async get(key) {
      try {
        const answer: unknown = JSON.parse(await readFile(at(key), "utf8"));
        return answer;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    async put(key, answer) {
      await mkdir(folder, { recursive: true });
      const part = `${at(key)}.${process.pid}.part`;
      await writeFile(part, `${JSON.stringify(answer, null, 1)}\n`);
      await rename(part, at(key));
    },
  };
}
