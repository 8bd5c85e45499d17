import type { Candidate } from "../agents/roles.ts";
import type { Manifest } from "../task/manifest.ts";
import type { Services } from "./services.ts";

/** Who writes a task: the players, and a person where the idea was edited. Approval alone makes nobody an author. */
export function authorOf(services: Services, { edited }: Candidate): Manifest["author"] {
  const { author } = services;
  return edited === undefined || author.kind === "hand" ? author : { ...author, edited };
}
