import type { Survey } from "../../dataset/survey.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import type { PlayerContext } from "../players.ts";
import type { ModelClient } from "./client.ts";
import type { Tool } from "./conversation.ts";

/** What a role needs to be played by a model. */
export interface ModelPlayer {
  client: ModelClient;
  /** False: values and texts of the data are not to leave this machine. */
  values: boolean;
  signal: AbortSignal;
  /** Tools over a dataset; undefined when none can be offered. */
  tools(survey: Survey, raw: TreeReference | undefined): Tool[] | undefined;
}

/** Builds the tools of one call; see `explorationTools`. */
export type ToolFactory = (survey: Survey, raw: TreeReference, context: PlayerContext) => Tool[];
