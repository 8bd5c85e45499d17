import { streams } from "./names.ts";

/** What a user may send to and listen to. */
export interface Permissions {
  publish: string[];
  subscribe: string[];
}

const all = Object.values(streams);
const withStreams = (names: string[], subjects: (stream: string) => string[]) => names.flatMap(subjects);

/**
 * Producers send jobs and workspaces, read results and outputs, make streams and clean up. They can neither delete a stream nor
 * write a result.
 */
export const producerPermissions: Permissions = {
  publish: [
    "$JS.API.INFO",
    ...withStreams(all, (stream) => [
      `$JS.API.STREAM.CREATE.${stream}`,
      `$JS.API.STREAM.INFO.${stream}`,
      `$JS.API.STREAM.PURGE.${stream}`,
      `$JS.API.DIRECT.GET.${stream}.>`,
    ]),
    ...withStreams([streams.jobs, streams.dead], (stream) => [
      `$JS.API.STREAM.MSG.GET.${stream}`,
      `$JS.API.STREAM.MSG.DELETE.${stream}`,
      `$JS.API.CONSUMER.NAMES.${stream}`,
      `$JS.API.CONSUMER.INFO.${stream}.*`,
      `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
    ]),
    `$JS.API.CONSUMER.MSG.NEXT.${streams.dead}.*`,
    `$JS.ACK.${streams.dead}.>`,
    "smith.jobs.>",
    "smith.inputs.>",
    "smith.cancel.*",
    "smith.dead.*",
    "smith.notes.*",
  ],
  subscribe: ["_INBOX_producer.>", "smith.done.*", "smith.notes.*"],
};

/**
 * Runners take jobs, acknowledge them, read workspaces, write outputs and results. They can neither send jobs, nor read results
 * or outputs, nor make, change or delete a stream or a consumer.
 */
export const runnerPermissions: Permissions = {
  publish: [
    "$JS.API.INFO",
    `$JS.API.CONSUMER.INFO.${streams.jobs}.*`,
    `$JS.API.CONSUMER.MSG.NEXT.${streams.jobs}.*`,
    `$JS.ACK.${streams.jobs}.>`,
    `$JS.API.DIRECT.GET.${streams.inputs}.smith.inputs.>`,
    "smith.results.*",
    "smith.outputs.>",
    "smith.notes.*",
  ],
  subscribe: ["_INBOX_runner.>", "smith.cancel.*"],
};
