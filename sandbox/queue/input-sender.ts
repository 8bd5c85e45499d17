import type { ArtefactStore } from "../../core/store.ts";
import type { TreeReference } from "../job.ts";
import type { ObjectSpace } from "./objects.ts";
import { packTree, treeObject } from "./trees.ts";

/** Sends workspaces to where runners fetch them: each tree once, however many jobs need it. */
export class InputSender {
  readonly #objects: ObjectSpace;
  readonly #store: ArtefactStore;
  readonly #trustMs: number;
  readonly #sent = new Map<string, { at: number; done: Promise<void> }>();

  /** @param trustMs milliseconds for which an object that was there is not asked for again. */
  constructor(objects: ObjectSpace, store: ArtefactStore, trustMs: number) {
    this.#objects = objects;
    this.#store = store;
    this.#trustMs = trustMs;
  }

  /** Resolves when runners can fetch the tree. */
  sendTree(tree: TreeReference): Promise<void> {
    return this.#once(treeObject(tree), () => packTree(this.#store, tree));
  }

  /** Resolves when runners can fetch the bytes under the name. */
  sendBytes(name: string, content: Uint8Array): Promise<void> {
    return this.#once(name, async function* () {
      yield content;
    });
  }

  /** A runner did not find an object: it is looked for, and sent, again. */
  forget(name: string): void {
    this.#sent.delete(name);
  }

  #once(name: string, content: () => AsyncIterable<Uint8Array>): Promise<void> {
    const earlier = this.#sent.get(name);
    if (earlier && performance.now() - earlier.at < this.#trustMs) return earlier.done;
    const done = (async () => {
      if (!(await this.#objects.has(name))) await this.#objects.put(name, content());
    })();
    this.#sent.set(name, { at: performance.now(), done });
    done.catch(() => this.#sent.delete(name));
    return done;
  }
}
