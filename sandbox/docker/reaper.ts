import type Docker from "dockerode";
import { labels } from "./settings.ts";

/** A container that was made is started at once; one that was not has lost its maker. So has a volume without a container. */
const startSeconds = 120;

/**
 * Removes containers of ours that have no reason to be any more: past their deadline, whoever made them, or made and never
 * started; and volumes of ours that a daemon forgot when it was ended. Returns how many. What still has a maker ends by itself.
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
  const filters = { label: [label], dangling: ["true"] };
  const volumes = ((await docker.listVolumes({ filters })).Volumes ?? []).filter(
    ({ CreatedAt }) => Date.parse(CreatedAt ?? "") / 1000 + startSeconds < seconds,
  );
  const forgotten = await Promise.allSettled(volumes.map(({ Name }) => docker.getVolume(Name).remove()));
  return [...removed, ...forgotten].filter(({ status }) => status === "fulfilled").length;
}
