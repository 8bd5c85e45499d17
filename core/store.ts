import type { TreeReference } from "../sandbox/job.ts";
import type { TreeWriter } from "./store/tree-writer.ts";

export { openStore } from "./store/folder-store.ts";
export type { TreeWriter } from "./store/tree-writer.ts";

/** Artefacts on disk by content hash; the state carries only references. Everything in it is immutable. */
export interface ArtefactStore {
  readonly folder: string;
  /** Copies (or moves) a folder of regular files in; links and special files are refused with BadInputError. */
  putTree(folder: string, options?: { move?: boolean }): Promise<TreeReference>;
  /** Makes a tree of small texts, path → text. */
  putFiles(files: Record<string, string | Uint8Array>): Promise<TreeReference>;
  /** Starts a tree that is written file by file; it is in the store once `commit` has returned. */
  newTree(): Promise<TreeWriter>;
  /** Whether the store holds the tree. */
  hasTree(reference: TreeReference): Promise<boolean>;
  /** Absolute path of a tree's folder; every file in it is read-only. */
  treePath(reference: TreeReference): string;
  /** JSON by key, for job results and node outputs; written atomically. */
  putJson(key: string, value: unknown): Promise<void>;
  getJson(key: string): Promise<unknown | undefined>;
}
