import type { Logger } from "../core/log.ts";
import type { ProgramRunner } from "../sandbox/program.ts";

/** The same programs, each noted in the log when it begins and when it has ended and nothing of it is left. */
export function logged(programs: ProgramRunner, log: Logger): ProgramRunner {
  let counter = 0;
  return {
    async run(program, options) {
      counter += 1;
      const facts = { program: program.name, number: counter };
      const started = performance.now();
      const milliseconds = () => Math.round(performance.now() - started);
      log.info(facts, "program_started");
      try {
        const outcome = await programs.run(program, options);
        log.info({ ...facts, ok: outcome.ok, milliseconds: milliseconds() }, "program_ended");
        return outcome;
      } catch (error) {
        log.info(
          { ...facts, stopped: options?.signal?.aborted ?? false, milliseconds: milliseconds() },
          "program_failed",
        );
        throw error;
      }
    },
  };
}
