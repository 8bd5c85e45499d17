import type Docker from "dockerode";
import { labels } from "./settings.ts";

/** A container that was made is started at once; one that was not has lost its maker. */
const startSeconds = 120;

/**
 * Removes containers of ours that have no reason to be any more: past their deadline, whoever made them, or made and never
 * started. Returns how many. What still has a maker ends by itself.
 */
export async function reapContainers(
  docker: Docker,
  options: {
    /** Milliseconds since 1970. */
    now?: number;
    /** Only what this host and process made. */
    owner?: string;
  } = {},
): Promise<number> {
  const seconds = (options.now ?? Date.now()) / 1000;
  const label = options.owner === undefined ? labels.mark : `${labels.owner}=${options.owner}`;
  const found = await docker.listContainers({ all: true, filters: { label: [label] } });
  const over = found.filter(
    ({ Labels, State, Created }) =>
      !(Number(Labels[labels.deadline]) > seconds) ||
      (State === "created" && Created + startSeconds < seconds),
  );
  const removed = await Promise.allSettled(
    over.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })),
  );
  return removed.filter(({ status }) => status === "fulfilled").length;
}
