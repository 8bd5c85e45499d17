import type { ArtefactStore } from "../../core/store.ts";
import { JobResult } from "../job.ts";
import { ResultEnvelope } from "./envelope.ts";
import { jsonOf } from "./jetstream.ts";
import type { ObjectSpace } from "./objects.ts";
import { type KnownTrees, treeObject, unpackTree } from "./trees.ts";

/** Where results' parts come from and go. */
export interface ResultPlaces {
  store: ArtefactStore;
  outputs: ObjectSpace;
  /** Trees of the store. */
  trees: KnownTrees;
}

/** A result whose outputs are in the store. */
export interface TakenResult {
  result: JobResult;
  /** The submission that it answers. */
  ticket: string;
  /** Name of the object with the outputs, where they did not come in the message. */
  output: string | undefined;
}

/**
 * Reads a stored result and fetches its outputs.
 * @throws MissingObjectError when they have been forgotten; other errors when something is damaged.
 */
export async function takeResult(data: Uint8Array, places: ResultPlaces): Promise<TakenResult> {
  const envelope = ResultEnvelope.parse(jsonOf(data));
  const { outputs, store, trees } = places;
  const result =
    "object" in envelope.result ? await readResult(outputs, envelope.result.object) : envelope.result;
  const tree = "outputs" in result ? result.outputs : null;
  if (tree !== null && !(await trees.has(tree))) {
    if (tree.files === 0) await store.putFiles({});
    else {
      const place = envelope.outputs;
      const inline = place !== null && typeof place === "object";
      const tar = inline ? once(Buffer.from(place.tar, "base64")) : outputs.get(treeObject(tree));
      await unpackTree(tar, tree, store);
    }
  }
  const output = envelope.outputs === "object" && tree ? treeObject(tree) : undefined;
  return { result, ticket: envelope.ticket, output };
}

async function readResult(outputs: ObjectSpace, name: string): Promise<JobResult> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of outputs.get(name)) chunks.push(chunk);
  return JobResult.parse(jsonOf(Buffer.concat(chunks)));
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
