import { randomBytes } from "node:crypto";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { removeStore } from "../../core/store/folder-store.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { TreeReference } from "../job.ts";

/** The trees of a runner's store, of which those that were used least recently go when they are too many. */
export class TreeCache {
  readonly #store: ArtefactStore;
  readonly #maximumBytes: number;
  /** In order of use; the newest last. */
  readonly #kept = new Map<string, { tree: TreeReference; uses: number }>();
  readonly #fetching = new Map<string, Promise<void>>();
  #bytes = 0;

  constructor(store: ArtefactStore, maximumBytes: number) {
    this.#store = store;
    this.#maximumBytes = maximumBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Makes sure that the store holds a tree, once at a time, and that it stays until it is released. */
  async hold(tree: TreeReference, fetch: () => Promise<void>): Promise<void> {
    const entry = this.#touch(tree);
    entry.uses += 1;
    try {
      await this.#bring(tree, fetch);
    } catch (error) {
      entry.uses -= 1;
      throw error;
    }
  }

  /** One fetches a tree for all who need it now. Where that one gives up, e.g. since its job was called off, the next one does. */
  async #bring(tree: TreeReference, fetch: () => Promise<void>): Promise<void> {
    for (;;) {
      const underway = this.#fetching.get(tree.hash);
      if (underway === undefined) {
        if (await this.#store.hasTree(tree)) return;
        // Another may have begun while the disk was asked.
        if (this.#fetching.has(tree.hash)) continue;
        const begun = fetch();
        this.#fetching.set(tree.hash, begun);
        return await begun.finally(() => this.#fetching.delete(tree.hash));
      }
      const arrived = await underway.then(
        () => true,
        () => false,
      );
      if (arrived) return;
    }
  }

  /** The tree may go from now on. */
  async release(tree: TreeReference): Promise<void> {
    const entry = this.#kept.get(tree.hash);
    if (entry) entry.uses -= 1;
    await this.#shrink();
  }

  #touch(tree: TreeReference): { tree: TreeReference; uses: number } {
    const found = this.#kept.get(tree.hash);
    const entry = found ?? { tree, uses: 0 };
    if (!found) this.#bytes += tree.bytes;
    this.#kept.delete(tree.hash);
    this.#kept.set(tree.hash, entry);
    return entry;
  }

  async #shrink(): Promise<void> {
    for (const [hash, { tree, uses }] of this.#kept) {
      if (this.#bytes <= this.#maximumBytes) return;
      if (uses > 0) continue;
      this.#kept.delete(hash);
      this.#bytes -= tree.bytes;
      // In one step out of its place: nobody finds half a tree.
      const aside = join(this.#store.folder, `.removed-${randomBytes(6).toString("hex")}`);
      const moved = await rename(this.#store.treePath(tree), aside).then(
        () => true,
        () => false,
      );
      if (moved) await removeStore(aside);
    }
  }
}
