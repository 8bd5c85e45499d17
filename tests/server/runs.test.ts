import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfiguration } from "../../core/configuration.ts";
import { EventLog } from "../../core/events.ts";
import { createLog } from "../../core/log.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../../core/store.ts";
import { RunInput } from "../../graph/input.ts";
import type { NodeRun } from "../../graph/services.ts";
import { createLender } from "../../server/runs.ts";

let folder: string;
let store: ArtefactStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-runs-"));
  store = await openStore(join(folder, "store"));
});
afterAll(async () => {
  await removeStore(join(folder, "store"));
  await rm(folder, { recursive: true, force: true });
});

/** Lends as a server does, with nothing that could run a job. */
const lender = () =>
  createLender(async () => ({
    configuration: loadConfiguration({ environment: {} }),
    store,
    programs: { run: () => Promise.reject(new Error("no job is run here")) },
    events: new EventLog(),
    log: createLog({ level: "silent" }),
    out: folder,
    folders: [],
    environment: {},
  }));

const node = (thread: string, timeLimit: number): NodeRun => ({
  input: RunInput.parse({ dataset: "houses", timeLimit }),
  runtime: { configurable: { thread_id: thread } },
});

test("the clock of a time limit stands still while nothing of the run is under way", async () => {
  const lend = lender();
  const waiting = node("waits-for-a-person", 1);
  await lend(waiting, () => sleep(100));
  await sleep(1300);
  expect(await lend(waiting, async ({ signal }) => signal.aborted)).toBe(false);
  const ended = await lend(waiting, async ({ signal }) => {
    await sleep(1300);
    return signal.aborted;
  });
  expect(ended).toBe(true);
});

test("two nodes at once share one clock, which runs until the last has ended", async () => {
  const lend = lender();
  const both = node("two-at-once", 1);
  const [, long] = await Promise.all([
    lend(both, () => sleep(50)),
    lend(both, async ({ signal }) => {
      await sleep(1300);
      return signal.aborted;
    }),
  ]);
  expect(long).toBe(true);
});
