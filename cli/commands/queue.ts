import { Command } from "commander";

/** `mle-smith queue`: looks into the queue. */
export function queueCommand(): Command {
  return new Command("queue").description("look into the queue of jobs, and set one up");
}
