import { readdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Pack, pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeStore } from "../../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../../core/store.ts";
import { collectOutputs, OutputsTooLargeError } from "../../sandbox/outputs.ts";

type Entry = Exclude<Parameters<Pack["entry"]>[0], string>;

let store: ArtefactStore;
beforeEach(async () => {
  store = await openStore(join(await mkdtemp(join(tmpdir(), "mle-smith-outputs-")), "store"));
});
afterEach(async () => removeStore(store.folder));

/** What would come out of a sandbox whose supervisor had been taken over. */
async function collect(entries: Entry[], maximumBytes = 1000) {
  const tar = pack();
  for (const entry of entries) tar.entry(entry, entry.type === undefined ? "content" : "");
  tar.finalize();
  const writer = await store.newTree();
  const { leftOut } = await collectOutputs(Readable.from(tar), writer, maximumBytes);
  return { leftOut, tree: store.treePath(await writer.commit()) };
}

test("a tar from a sandbox is trusted no more than the job: plain files with plain names are all that is taken", async () => {
  const hostile: Entry[] = [
    { name: "../escaped" },
    { name: "a/../../escaped" },
    { name: "/etc/cron.d/escaped" },
    { name: "./dot" },
    { name: "a//b" },
    { name: "back\\slash" },
    { name: "control\u0007" },
    { name: `${"long/".repeat(200)}name` },
    { name: "link", type: "symlink", linkname: "/etc/shadow" },
    { name: "hard", type: "link", linkname: "/etc/shadow" },
    { name: "device", type: "character-device", devmajor: 1, devminor: 1 },
    { name: "disk", type: "block-device", devmajor: 8, devminor: 0 },
    { name: "pipe", type: "fifo" },
  ];
  const { leftOut, tree } = await collect([...hostile, { name: "plain" }, { name: "plain" }]);
  expect(readdirSync(tree, { recursive: true })).toEqual(["plain"]);
  expect(leftOut).toHaveLength(hostile.length + 1);
});

test("bounds are counted before anything is written", async () => {
  const tar = pack();
  // A header alone: as many bytes never come.
  tar.entry({ name: "huge", size: 10 ** 12 });
  const writer = await store.newTree();
  await expect(collectOutputs(Readable.from(tar), writer, 1 << 20)).rejects.toThrow(OutputsTooLargeError);
  await writer.abandon();
});
