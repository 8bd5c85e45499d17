import type { Survey } from "../../dataset/survey.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import type { ModelClient } from "./client.ts";
import type { Tool } from "./conversation.ts";
import type { CallRecord } from "./endpoint.ts";

/** What a role needs to be played by a model. */
export interface ModelPlayer {
  client: ModelClient;
  /** False: values and texts of the data are not to leave this machine. */
  values: boolean;
  signal: AbortSignal;
  onCall: (call: CallRecord) => void;
  /** Tools over a dataset; undefined when none can be offered. */
  tools(survey: Survey, raw: TreeReference | undefined): Tool[] | undefined;
}
