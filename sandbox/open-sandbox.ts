import type { ArtefactStore } from "../core/store.ts";
import { createBubblewrap } from "./bubblewrap/engine.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * Opens the best sandbox engine of this machine. Nothing is ever run bare: without an engine it throws.
 * @throws InfrastructureError, with a hint, when no engine is usable.
 */
export async function openSandbox(options: {
  store: ArtefactStore;
  slots?: number;
  ready?: boolean;
}): Promise<Sandbox> {
  return createBubblewrap(options);
}
